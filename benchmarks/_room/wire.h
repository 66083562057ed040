/* What both clients of `./run bench room` need: the clock, lines to the server, a histogram, requests from a file. */

#ifndef WIRE_H
#define WIRE_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* A message carries "@", the nanosecond at which it was sent in 19 digits, ":", its number in 7 digits, "@". */
enum { STAMP_DIGITS = 19, NUMBER_DIGITS = 7, MARK_BYTES = STAMP_DIGITS + NUMBER_DIGITS + 3, SOURCES = 16 };

static inline void die(const char *why) {
    fprintf(stderr, "%s: %s\n", why, errno ? strerror(errno) : "");
    exit(1);
}

/* The clock that all processes of a machine share, in nanoseconds. */
static inline int64_t now_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * INT64_C(1000000000) + at.tv_nsec;
}

/* User and system seconds that this process has used. */
static inline double own_processor(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static inline int64_t digits(const char *from, int count) {
    int64_t number = 0;
    for (int place = 0; place < count; place++) {
        number = number * 10 + (from[place] - '0');
    }
    return number;
}

/* A line to 127.0.0.1:port that is being opened from 127.0.0.(2 + source); -1 when that is refused at once. */
static inline int begin_line(int port, int source) {
    int line = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    if (line < 0) die("no further socket");
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + source % SOURCES)};
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(line, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    setsockopt(line, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(line, (struct sockaddr *)&from, sizeof from)) die("a source address");
    if (connect(line, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) {
        close(line);
        return -1;
    }
    return line;
}

/* 64 steps to each doubling, of whole microseconds: an error of at most 1.6 %. */
enum { STEPS = 64, BINS = STEPS * 40 };

struct histogram {
    uint64_t bins[BINS];
    uint64_t count;
    int64_t most;
};

static inline void note(struct histogram *all, int64_t nanoseconds) {
    uint64_t micro = nanoseconds > 0 ? nanoseconds / 1000 : 0;
    int bin = micro;
    if (micro >= STEPS) {
        int power = 63 - __builtin_clzll(micro);
        bin = STEPS * (power - 5) + (int)(micro >> (power - 6)) - STEPS;
    }
    all->bins[bin < BINS ? bin : BINS - 1]++;
    all->count++;
    if (nanoseconds > all->most) all->most = nanoseconds;
}

/* The milliseconds below which the share `part` of all lies. */
static inline double quantile(const struct histogram *all, double part) {
    uint64_t seen = 0;
    for (int bin = 0; bin < BINS; bin++) {
        seen += all->bins[bin];
        if (all->bins[bin] && seen >= part * all->count) {
            if (bin < STEPS) return bin / 1000.0;
            int power = bin / STEPS + 5;
            return (double)((uint64_t)(bin % STEPS + STEPS) << (power - 6)) / 1000.0;
        }
    }
    return 0;
}

struct request {
    char *text;
    int length;
};

/* The requests in a file: each is its length in digits, a line feed, and so many bytes. */
static inline struct request *read_requests(const char *path, int *count) {
    FILE *file = fopen(path, "r");
    struct request *all = NULL;
    int length, room = 0;
    if (!file) die(path);
    for (*count = 0; fscanf(file, "%d", &length) == 1 && fgetc(file) == '\n'; (*count)++) {
        if (*count == room && !(all = realloc(all, (room = room * 2 + 64) * sizeof *all))) die("memory");
        all[*count] = (struct request){.text = malloc(length + 1), .length = length};
        if (!all[*count].text || fread(all[*count].text, 1, length, file) != (size_t)length) die("a short request");
        all[*count].text[length] = 0;
    }
    fclose(file);
    if (!*count) die("no request in the file");
    return all;
}

#endif
