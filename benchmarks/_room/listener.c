/* Thousands of listeners to a stream of server-sent events, in one thread: it counts what ends in each line.

   listener PORT REQUESTS [IN]: REQUESTS holds the heads to send, without the empty line; the listener number i sends the
   head number i modulo their count. Who has heard the line IN (without IN: the head of the answer) is in.
   Commands come on standard input, a line each; each is answered by a line of JSON when it is done:

   open N M         open N listeners, at most M of them on their way in at a time
   expect M         from now on, messages 0 to M - 1 are expected by each listener
   wait S           until all is delivered, or nothing has come for S seconds; says what came, how late, at what cost
   cut              hang up on all lines at once, without a farewell
   back             open all of them again at once, each with the id of the last event that it has heard

   A line that the server cuts is opened again, from the last event heard. */

#include "wire.h"

enum { CARRY = 8192, CHUNK = 1 << 18, ID_BYTES = 64, LINES_AT_ONCE = 512, RETRY_MILLISECONDS = 50 };
enum state { OUT, COMING, HEAD, ENTERING, IN };

struct listener {
    int line;
    enum state state;
    int carried;          /* bytes of a line of text that is not whole yet */
    char *carry;
    int pending;          /* a message was read whose frame has not ended */
    int64_t stamp, number;
    char ids[2][ID_BYTES]; /* the last event heard, and the one that is being read */
    char which, has_id;    /* bit 0: one was heard; bit 1: one is being read */
    uint32_t heard;
    uint64_t sum;
};

static int port, in_length, request_count, epoll;
static const char *in_mark;
static struct request *requests;
static struct listener *all;
static int count, wanted, flight, coming, in, next_out;
static char buffer[CARRY + CHUNK];

static int64_t messages, deliveries, reads, bytes, cuts, refused, first_stamp, last_heard, began;
static double began_processor;
static struct histogram late;
static int64_t *last_of;

static void leave(struct listener *who) {
    if (who->line >= 0) close(who->line);
    if (who->state == IN) in--;
    if (who->state != OUT && who->state != IN) coming--;
    who->line = -1;
    who->state = OUT;
    who->carried = who->pending = 0;
    who->has_id &= 1;
}

static void come(struct listener *who) {
    int number = who - all;
    who->line = begin_line(port, number);
    if (who->line < 0) {
        refused++;
        return;
    }
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = who};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, who->line, &event)) die("epoll");
    who->state = COMING;
    coming++;
}

static void ask(struct listener *who) {
    struct request *request = &requests[(who - all) % request_count];
    char text[CARRY];
    const char *id = who->ids[(int)who->which];
    int length = who->has_id & 1 ? snprintf(text, sizeof text, "%sLast-Event-ID: %s\r\n\r\n", request->text, id)
                                 : snprintf(text, sizeof text, "%s\r\n", request->text);
    int fault = 0;
    socklen_t size = sizeof fault;
    getsockopt(who->line, SOL_SOCKET, SO_ERROR, &fault, &size);
    if (fault || send(who->line, text, length, MSG_NOSIGNAL) != length) {
        refused++;
        leave(who);
        return;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = who};
    epoll_ctl(epoll, EPOLL_CTL_MOD, who->line, &event);
    who->state = HEAD;
}

static void enter(struct listener *who) {
    who->state = IN;
    coming--;
    in++;
}

static void deliver(struct listener *who, int64_t now) {
    who->pending = 0;
    if (who->has_id & 2) {
        who->which = !who->which;
        who->has_id = 1;
    }
    if (who->number < 0 || who->number >= messages) return;
    who->heard++;
    who->sum += who->number + 1;
    deliveries++;
    last_heard = now;
    if (!first_stamp || who->stamp < first_stamp) first_stamp = who->stamp;
    note(&late, now - who->stamp);
    if (now - who->stamp > last_of[who->number]) last_of[who->number] = now - who->stamp;
}

static void read_data(struct listener *who, const char *text, int length) {
    const char *mark = memchr(text, '@', length);
    if (!mark || text + length - mark < MARK_BYTES || mark[MARK_BYTES - 1] != '@') return;
    who->stamp = digits(mark + 1, STAMP_DIGITS);
    who->number = digits(mark + 2 + STAMP_DIGITS, NUMBER_DIGITS);
    who->pending = 1;
}

static void read_id(struct listener *who, const char *text, int length) {
    while (length && text[0] == ' ') text++, length--;
    if (length >= ID_BYTES) die("an id too long");
    char *place = who->ids[!who->which];
    memcpy(place, text, length);
    place[length] = 0;
    who->has_id |= 2;
}

/* False when the answer is not the one hoped for. */
static int read_line(struct listener *who, const char *text, int length, int64_t now) {
    if (who->state == HEAD) {
        if (length > 5 && !memcmp(text, "HTTP/", 5) && (length < 12 || memcmp(text + 9, "200", 3))) return 0;
        if (length == 1 && text[0] == '\r') {
            who->state = ENTERING;
            if (!in_mark) enter(who);
        }
    } else if (!length) {
        if (who->pending) deliver(who, now);
    } else if (length > 5 && !memcmp(text, "data:", 5)) {
        read_data(who, text, length);
    } else if (length > 3 && !memcmp(text, "id:", 3)) {
        read_id(who, text + 3, length - 3);
    } else if (who->state == ENTERING && length == in_length && !memcmp(text, in_mark, length)) {
        enter(who);
    }
    return 1;
}

static int read_lines(struct listener *who, char *text, char *end, int64_t now) {
    char *feed;
    while ((feed = memchr(text, '\n', end - text))) {
        if (!read_line(who, text, feed - text, now)) return 0;
        text = feed + 1;
    }
    who->carried = end - text;
    if (who->carried > CARRY) die("a line too long");
    if (who->carried) {
        if (!who->carry && !(who->carry = malloc(CARRY))) die("memory");
        memcpy(who->carry, text, who->carried);
    }
    return 1;
}

static void hear(struct listener *who) {
    ssize_t got = recv(who->line, buffer + CARRY, CHUNK, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
        if (who->state == IN) cuts++;
        else refused++;
        leave(who);
        return;
    }
    reads++;
    bytes += got;
    char *start = buffer + CARRY - who->carried;
    if (who->carried) memcpy(start, who->carry, who->carried);
    if (!read_lines(who, start, buffer + CARRY + got, now_ns())) {
        refused++;
        leave(who);
    }
}

/* Whoever is out and wanted in comes, a bounded number at a time. */
static void fill(void) {
    for (int looked = 0; in + coming < wanted && coming < flight && looked < count; looked++) {
        if (all[next_out].state == OUT) come(&all[next_out]);
        next_out = (next_out + 1) % count;
    }
}

static void turn(int milliseconds) {
    struct epoll_event events[LINES_AT_ONCE];
    fill();
    int ready = epoll_wait(epoll, events, LINES_AT_ONCE, milliseconds);
    for (int place = 0; place < ready; place++) {
        struct listener *who = events[place].data.ptr;
        if (!who) continue; /* a command: looked for by main */
        if (who->state == COMING) ask(who);
        else if (who->state != OUT) hear(who);
    }
}

static void open_all(int more, int at_once) {
    int64_t start = now_ns(), again = refused;
    double processor = own_processor();
    if (more) {
        if (!(all = realloc(all, (count + more) * sizeof *all))) die("memory");
        memset(all + count, 0, more * sizeof *all);
        for (int place = count; place < count + more; place++) all[place].line = -1;
        count += more;
    }
    wanted = count;
    flight = at_once;
    while (in < wanted && now_ns() - start < INT64_C(300000000000)) turn(RETRY_MILLISECONDS);
    double seconds = (now_ns() - start) / 1e9;
    printf("{\"in\": %d, \"seconds\": %.6f, \"refused\": %lld, \"processor\": %.6f}\n", in, seconds,
           (long long)(refused - again), own_processor() - processor);
}

static void expect(int64_t number) {
    messages = number;
    deliveries = reads = bytes = cuts = refused = first_stamp = 0;
    memset(&late, 0, sizeof late);
    last_of = realloc(last_of, (number + 1) * sizeof *last_of);
    memset(last_of, 0, (number + 1) * sizeof *last_of);
    for (int place = 0; place < count; place++) all[place].heard = all[place].sum = 0;
    began = now_ns();
    began_processor = own_processor();
    printf("{\"expected\": %lld}\n", (long long)number * count);
}

static int compare(const void *one, const void *other) {
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

static void wait_for_all(double patience) {
    int64_t quiet_since = now_ns(), seen = deliveries;
    int unbalanced = 0;
    while (deliveries < messages * count && now_ns() - quiet_since < patience * 1e9) {
        turn(RETRY_MILLISECONDS);
        if (deliveries != seen) quiet_since = now_ns(), seen = deliveries;
    }
    for (int place = 0; place < count; place++) {
        uint64_t sum = (uint64_t)messages * (messages + 1) / 2;
        unbalanced += all[place].heard != messages || all[place].sum != sum;
    }
    qsort(last_of, messages, sizeof *last_of, compare);
    printf("{\"deliveries\": %lld, \"expected\": %lld, \"unbalanced\": %d, \"cuts\": %lld, \"refused\": %lld, ",
           (long long)deliveries, (long long)messages * count, unbalanced, (long long)cuts, (long long)refused);
    printf("\"p50\": %.3f, \"p99\": %.3f, \"most\": %.3f, \"last_p50\": %.3f, ", quantile(&late, 0.5),
           quantile(&late, 0.99), late.most / 1e6, messages ? last_of[messages / 2] / 1e6 : 0.0);
    printf("\"seconds\": %.6f, \"reads\": %lld, \"bytes\": %lld, \"processor\": %.6f, \"wall\": %.6f}\n",
           deliveries ? (last_heard - first_stamp) / 1e9 : 0.0, (long long)reads, (long long)bytes,
           own_processor() - began_processor, (now_ns() - began) / 1e9);
}

static void cut_all(void) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    wanted = 0;
    for (int place = 0; place < count; place++) {
        if (all[place].line >= 0) setsockopt(all[place].line, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        leave(&all[place]);
    }
    printf("{\"cut\": %d}\n", count);
}

static void obey(const char *command) {
    int more, at_once;
    double patience;
    long long number;
    if (sscanf(command, "open %d %d", &more, &at_once) == 2) open_all(more, at_once);
    else if (sscanf(command, "expect %lld", &number) == 1) expect(number);
    else if (sscanf(command, "wait %lf", &patience) == 1) wait_for_all(patience);
    else if (!strcmp(command, "cut")) cut_all();
    else if (!strcmp(command, "back")) open_all(0, count);
    else die("not a command");
    fflush(stdout);
}

int main(int words, char **word) {
    char commands[CARRY];
    int length = 0;
    if (words < 3) die("listener PORT REQUESTS [IN]");
    port = atoi(word[1]);
    requests = read_requests(word[2], &request_count);
    in_mark = words > 3 ? word[3] : NULL;
    in_length = in_mark ? strlen(in_mark) : 0;
    epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &event)) die("standard input is no pipe");
    fcntl(0, F_SETFL, O_NONBLOCK);
    for (;;) {
        ssize_t got = read(0, commands + length, sizeof commands - length - 1);
        if (got == 0) return 0;
        if (got > 0) length += got;
        commands[length] = 0;
        char *feed = strchr(commands, '\n');
        if (!feed) {
            turn(RETRY_MILLISECONDS);
            continue;
        }
        *feed = 0;
        obey(commands);
        length -= feed + 1 - commands;
        memmove(commands, feed + 1, length + 1);
    }
}
