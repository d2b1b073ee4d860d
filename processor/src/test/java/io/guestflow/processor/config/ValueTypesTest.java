package io.guestflow.processor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypesTest {
    private static final Map<String, ValueType<?>> TYPES = Map.ofEntries(
            Map.entry("duration", Quantities.duration(Duration.ofMillis(100), Duration.ofMinutes(1))),
            Map.entry("delays", Quantities.delays(Duration.ofSeconds(1), Duration.ofHours(1), 4)),
            Map.entry("size", Quantities.size(1 << 20, 1 << 30)),
            Map.entry("rate", Quantities.rate()),
            Map.entry("multiple", Quantities.multiple(Duration.ofSeconds(10), Duration.ofHours(1))),
            Map.entry("share", Quantities.shareBelowAll()),
            Map.entry("port", ValueTypes.port()),
            Map.entry("host", ValueTypes.host()),
            Map.entry("servers", ValueTypes.bootstrapServers()),
            Map.entry("url", ValueTypes.baseUrl()),
            Map.entry("replication", ValueTypes.replication()),
            Map.entry("flag", ValueTypes.flag()),
            Map.entry("keys", ValueTypes.contextKeys()));

    @ParameterizedTest
    @CsvSource({
        "500ms,PT0.5S",
        "6s,PT6S",
        "1m,PT1M",
        "PT6S,PT6S",
        "PT0.1S,PT0.1S",
        "100ms,PT0.1S",
    })
    void durationsAreReadInEveryForm(String text, Duration expected) throws BadValue {
        assertEquals(expected, TYPES.get("duration").parse(text));
    }

    /** The number of times is theirs too. */
    @Test
    void delaysKeepTheirOrderAndThoseThatAreEqual() throws BadValue {
        Duration five = Duration.ofMinutes(5);
        assertEquals(List.of(five, five, five), TYPES.get("delays").parse("5m,5m, 300s"));
        assertEquals(
                List.of(Duration.ofMinutes(1), five, Duration.ofHours(1)),
                TYPES.get("delays").parse("1m,5m,1h"));
    }

    @ParameterizedTest
    @CsvSource({"1MiB,1048576", "1GiB,1073741824", "2048KiB,2097152", "1048576B,1048576"})
    void sizesAreReadInEveryUnit(String text, long expected) throws BadValue {
        assertEquals(expected, TYPES.get("size").parse(text));
    }

    @ParameterizedTest
    @CsvSource({"0%,0", "5%,0.05", "2.5%,0.025", "99.999999%,0.99999999"})
    void sharesAreExactAndShownAsTheyAreGiven(String text, double expected) throws BadValue {
        assertEquals(expected, TYPES.get("share").parse(text));
        assertEquals(text, Quantities.shown(expected));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void aShownDurationReadsBackAsItself(int seed) throws BadValue {
        var random = new Random(seed);
        ValueType<Duration> type = Quantities.duration(Duration.ZERO, Duration.ofDays(400));
        for (int i = 0; i < 200; i++) {
            Duration duration = Duration.ofMillis(random.nextLong(1L << (1 + random.nextInt(34))));
            assertEquals(duration, type.parse(Quantities.shown(duration)));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            duration    | 15              | "15" has no unit
            duration    | 15 s            | "15 s" is no duration
            duration    | 15sec           | "15sec" is no duration
            duration    | 99ms            | 99ms is not in 100ms to 1m
            duration    | 61s             | 61s is not in 100ms to 1m
            duration    | PT-6S           | PT-6S is not in 100ms to 1m
            duration    | PT999999999999999999H | "PT999999999999999999H" is no duration
            delays      | 1h,1m           | 1m is shorter than the one before it
            delays      | 1m,2h           | 2h is not in 1s to 1h
            delays      | 1m,1m,1m,1m,1m  | names 5 durations
            delays      | ','             | names no duration
            size        | 64              | "64" has no unit
            size        | 64MB            | "64MB" is no size
            size        | 64KiB           | 64KiB is not in 1MiB to 1GiB
            rate        | -1              | "-1" is no rate
            rate        | NaN             | "NaN" is no rate
            rate        | 1e3             | "1e3" is no rate
            share       | 5               | "5" is no share
            share       | -5%             | "-5%" is no share
            share       | 100%            | 100% is not less than 100%
            share       | 100.1%          | 100.1% is not less than 100%
            multiple    | 5s              | 5s is not in 10s to 1h
            multiple    | 12345ms         | 12345ms is no multiple of 10s
            multiple    | 65s             | 65s is no multiple of 10s
            port        | 65536           | 65536 is not in 0 to 65535
            port        | http            | "http" is not a whole number of that size
            port        | tcp://10.0.0.1:8080 | "tcp://10.0.0.1:8080" looks like a Kubernetes service link (enableServiceLinks: false)
            host        | http://x        | "http://x" is no host
            host        | x:80            | "x:80" is no host
            servers     | kafka           | "kafka" is not host:port
            servers     | kafka:0         | "kafka:0" is not host:port
            servers     | a:1,b           | "b" is not host:port
            servers     | ','             | names no server
            url         | cxone.example.com | is not an http or https URL
            url         | ftp://x         | is not an http or https URL
            url         | https://user:hunter2@x | holds a user or a password
            url         | https://x?y=z   | has a query or a fragment
            url         | https://        | is no URL
            url         | https://a b     | is no URL
            url         | https://under_score | names no host that a URL may name (letters, digits, dots and dashes)
            replication | 0               | 0 replicas hold nothing
            replication | -2              | -2 is not in -1 to 32767
            flag        | yes             | "yes" is none of them
            keys        | tier            | cannot read the entry "tier"
            keys        | tier:text       | cannot read the entry "tier:text"
            keys        | tier:text(0)    | gives tier a length of 0, which is not in 1 to 1024
            keys        | tier:text(1025) | gives tier a length of 1025, which is not in 1 to 1024
            keys        | tier:text(8):[a | gives tier a pattern that RE2 does not read (missing closing ])
            keys        | vip:flag,vip:number | names vip twice
            keys        | vip:flag:x      | cannot read the entry "vip:flag:x"
            """)
    void aWrongTextIsNamed(String type, String text, String whatIsWrong) {
        BadValue bad = assertThrows(BadValue.class, () -> TYPES.get(type).parse(text));

        assertEquals(whatIsWrong, bad.whatIsWrong());
    }

    @Test
    void aQuotedTextStaysOnOneShortLine() {
        assertEquals("\"a?b" + "x".repeat(57) + "...\"", ValueTypes.quoted("a\nb" + "x".repeat(100)));
    }

    @Test
    void slashesAtTheEndOfTheBaseUrlGo() throws BadValue {
        assertEquals("https://x/y", ValueTypes.baseUrl().parse("https://x/y//").toString());
    }

    @Test
    void idsOfConversationsKeepTheirOrderAndAreNamedAsWebhooksNameThem() throws BadValue {
        assertEquals(
                List.of(Settings.ConversationIdFrom.CUSTOMER_CONTACT_ID, Settings.ConversationIdFrom.CASE_ID),
                ValueTypes.conversationIds().parse("customerContactId, caseid"));
        for (String wrong : List.of("", ",", "case.id", "conversationId;caseId")) {
            assertThrows(BadValue.class, () -> ValueTypes.conversationIds().parse(wrong), wrong);
        }
    }
}
