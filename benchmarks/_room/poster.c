/* Producers who post: each says the next message as soon as the last one is acknowledged, or all keep to a rate.

   poster PORT REQUESTS PRODUCERS RATE: REQUESTS holds whole requests; the time at which one is sent is written into it.
   RATE is messages a second, of all producers together; 0: as fast as they are acknowledged. */

#include "wire.h"

enum { ANSWER = 8192 };

struct producer {
    int line, is_busy, got;
    int64_t sent;
    char answer[ANSWER];
};

static struct request *requests;
static int port, count, next, done, good, epoll, other_status;
static struct histogram acknowledged;

static void connect_line(struct producer *who, int source) {
    who->line = begin_line(port, source);
    if (who->line < 0) die("the server refuses");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = who};
    int is_open = 0;
    for (int64_t start = now_ns(); !is_open && now_ns() - start < INT64_C(10000000000);) {
        struct sockaddr_in there;
        socklen_t size = sizeof there;
        is_open = !getpeername(who->line, (struct sockaddr *)&there, &size);
        if (!is_open) usleep(200);
    }
    if (!is_open) die("the server does not answer");
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, who->line, &event)) die("epoll");
    who->is_busy = who->got = 0;
}

static void post(struct producer *who) {
    struct request *request = &requests[next++];
    char *mark = memchr(request->text, '@', request->length), stamp[STAMP_DIGITS + 1];
    who->sent = now_ns();
    if (mark) {
        snprintf(stamp, sizeof stamp, "%0*lld", STAMP_DIGITS, (long long)who->sent);
        memcpy(mark + 1, stamp, STAMP_DIGITS);
    }
    if (send(who->line, request->text, request->length, MSG_NOSIGNAL) != request->length) die("a post");
    who->is_busy = 1;
}

/* Whether the answer is whole: its head, and as much as the head announces. */
static int is_whole(struct producer *who) {
    who->answer[who->got] = 0;
    char *end = strstr(who->answer, "\r\n\r\n");
    char *length = strcasestr(who->answer, "\r\ncontent-length:");
    if (!end) return 0;
    if (!length || length > end) return !strcasestr(who->answer, "transfer-encoding") || strstr(end, "\r\n0\r\n\r\n");
    return who->got >= end + 4 - who->answer + atoi(length + 17);
}

static void take(struct producer *who, int source) {
    ssize_t got = recv(who->line, who->answer + who->got, ANSWER - 1 - who->got, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        if (who->is_busy) done++, other_status = -1;
        close(who->line);
        connect_line(who, source);
        return;
    }
    who->got += got;
    if (!is_whole(who)) return;
    int status = atoi(who->answer + 9);
    note(&acknowledged, now_ns() - who->sent);
    who->got = who->is_busy = 0;
    done++;
    if (status >= 200 && status < 300) good++;
    else other_status = status;
}

int main(int words, char **word) {
    if (words < 5) die("poster PORT REQUESTS PRODUCERS RATE");
    port = atoi(word[1]);
    requests = read_requests(word[2], &count);
    int producers = atoi(word[3]);
    double rate = atof(word[4]);
    struct producer *all = calloc(producers, sizeof *all);
    struct epoll_event events[64];
    epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int place = 0; place < producers; place++) connect_line(&all[place], place);
    int64_t start = now_ns();
    double processor = own_processor();
    while (done < count) {
        int64_t due = rate > 0 ? start + (int64_t)(next / rate * 1e9) : 0;
        for (int place = 0; place < producers && next < count && due <= now_ns(); place++) {
            if (all[place].is_busy) continue;
            post(&all[place]);
            due = rate > 0 ? start + (int64_t)(next / rate * 1e9) : 0;
        }
        int64_t left = (due - now_ns()) / 1000000;
        int ready = epoll_wait(epoll, events, 64, next < count && rate > 0 ? (left > 0 ? left : 0) : 1000);
        for (int place = 0; place < ready; place++) {
            struct producer *who = events[place].data.ptr;
            take(who, who - all);
        }
        if (!ready && now_ns() - start > INT64_C(600000000000)) die("nothing is acknowledged any more");
    }
    double seconds = (now_ns() - start) / 1e9;
    printf("{\"posts\": %d, \"acknowledged\": %d, \"other_status\": %d, \"seconds\": %.6f, \"p50\": %.3f, ", count, good,
           other_status, seconds, quantile(&acknowledged, 0.5));
    printf("\"p99\": %.3f, \"processor\": %.6f}\n", quantile(&acknowledged, 0.99), own_processor() - processor);
    return 0;
}
