package io.guestflow.processor.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.guestflow.contracts.auth.ContextDrop.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PiiTripwirePropertyTest {
    /** Disguises of the characters; they can be worn one over the other. */
    private static final List<BiFunction<String, Random, String>> CHARACTERS = List.of(
            (text, random) ->
                    each(text, c -> c > ' ' && c < 0x7F ? String.valueOf((char) (c + 0xFEE0)) : String.valueOf(c)),
            (text, random) -> each(
                    text, c -> c >= '0' && c <= '9' ? String.valueOf((char) (c - '0' + 0x0660)) : String.valueOf(c)),
            (text, random) -> each(text, c -> c + (random.nextInt(3) == 0 ? "\u200b" : "")),
            (text, random) -> each(text, c -> c + (random.nextInt(3) == 0 ? "\u00ad" : "")),
            (text, random) -> each(text, c -> c + (random.nextInt(5) == 0 ? "\u0301" : "")),
            (text, random) -> text.replace(' ', '\u00a0').replace('-', '\u2011'));

    /** Escapes of every character or of all but letters and digits; two layers of them are taken off. */
    private static final List<BiFunction<String, Boolean, String>> ESCAPES = List.of(
            (text, all) -> each(text, c -> keeps(c, all) ? keep(c) : percent(keep(c))),
            (text, all) -> each(text, c -> keeps(c, all) ? keep(c) : "&#" + (int) c + ";"),
            (text, all) -> each(text, c -> keeps(c, all) ? keep(c) : "&#x" + Integer.toHexString(c) + ";"),
            (text, all) -> each(text, c -> keeps(c, all) ? keep(c) : String.format(Locale.ROOT, "\\u%04x", (int) c)));

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void seesThroughDisguisesWornOneOverTheOther(int seed) {
        Random random = new Random(seed);
        record Secret(String text, Reason reason) {}
        List<Secret> secrets = List.of(
                new Secret("jane.doe@example.com", Reason.LOOKS_LIKE_EMAIL),
                new Secret("+44 20 7946 0958", Reason.LOOKS_LIKE_PHONE),
                new Secret("(555) 123-4567", Reason.LOOKS_LIKE_PHONE),
                new Secret("4111 1111 1111 1111", Reason.LOOKS_LIKE_CARD),
                new Secret("3782-822463-10005", Reason.LOOKS_LIKE_CARD));
        Secret secret = secrets.get(random.nextInt(secrets.size()));
        String text = secret.text();
        for (int i = random.nextInt(4); i > 0; i--) {
            text = CHARACTERS.get(random.nextInt(CHARACTERS.size())).apply(text, random);
        }
        if (random.nextInt(4) == 0) {
            text = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            text = ESCAPES.get(random.nextInt(ESCAPES.size())).apply(text, random.nextBoolean());
        }
        assertEquals(Optional.of(secret.reason()), PiiTripwire.scan(text), text);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void letsIdsAndTimesPass(int seed) {
        Random random = new Random(seed);
        Instant time = Instant.ofEpochMilli(1_600_000_000_000L + random.nextLong(600_000_000_000L));
        List<String> texts = List.of(
                new UUID(random.nextLong(), random.nextLong()).toString(),
                time.toString(),
                time.toString().replace('T', ' '),
                time.toString().replaceAll("[-:]", ""),
                String.valueOf(time.toEpochMilli()),
                String.valueOf(time.getEpochSecond()),
                "utm_spring-" + time.toString().substring(0, 10) + "-v" + random.nextInt(30),
                "ORD-" + time.toString().substring(0, 10).replace("-", "") + "-" + (1000 + random.nextInt(9000)),
                random.nextInt(200) + "." + random.nextInt(20) + "." + random.nextInt(100),
                random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256),
                (300 + random.nextInt(4000)) + "x" + (300 + random.nextInt(3000)),
                Long.toString(Math.abs(random.nextLong()), 36),
                String.valueOf(1_000_000_000L + random.nextLong(99_000_000_000L)),
                String.valueOf(random.nextDouble()),
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(new UUID(random.nextLong(), random.nextLong())
                                .toString()
                                .substring(0, 16)
                                .getBytes(StandardCharsets.UTF_8)));
        for (String text : texts) {
            assertEquals(Optional.empty(), PiiTripwire.scan(text), text);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void hasAnAnswerToEveryText(int seed) {
        Random random = new Random(seed);
        String parts = "0149+-. ()/_@%&#;\\u[]atdoxe=\u0301\u200b\u0660\uff11\ud83d\ude00\u0000\u2028\u00ad\ufdfaA";
        String text = IntStream.range(0, random.nextInt(400))
                .mapToObj(i -> String.valueOf(parts.charAt(random.nextInt(parts.length()))))
                .collect(Collectors.joining());
        assertNotNull(PiiTripwire.scan(text));
    }

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    /** Each takes a fraction of a second; what is quadratic in more than a comparison takes minutes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "4",
                "4 ",
                "4111 ",
                "41.",
                "0151 ",
                "0151-",
                "(1)",
                "(11) ",
                "+",
                "+1 ",
                "+1",
                "1-",
                "00",
                "123-456-",
                "tel:1 ",
                "1 ext",
                "x1",
                "1.1.1.1.",
                "2026-11-",
                "2026-11-22",
                "@",
                "a@",
                "a@b.",
                "a @ b . ",
                " at ",
                "at x dot ",
                "at dot ",
                "[at]",
                "[ at ",
                "(dot)",
                "%",
                "%2",
                "%25",
                "%2540",
                "%F0",
                "&#",
                "&#64;",
                "&#64",
                "&amp;",
                "&a",
                "\\u0040",
                "\\u",
                "YWJj",
                "abc-",
                "_",
                "550e8400-",
                "\u0301",
                "\u0323\u0301",
                "e\u0323\u0301",
                "\u200b",
                "\ufdfa",
                "\uff9e",
                "\u0f71\u0f72\u0f74",
                "\ud83d",
                "\u0660 "
            })
    @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void takesLinearTimeForHostileText(String part) {
        assertNotNull(PiiTripwire.scan(part.repeat(64 * 1024 / part.length()) + "!"));
    }

    /** The normaliser alone takes quadratic time for these: four seconds for 64 KiB, a quarter of an hour for this. */
    @ParameterizedTest
    @ValueSource(strings = {"\u0323\u0301", "\u0301\u0323", "\u0f71\u0f72\u0f74"})
    @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void takesLinearTimeForPilesOfMarks(String marks) {
        assertNotNull(PiiTripwire.scan("e" + marks.repeat(1024 * 1024 / marks.length())));
    }

    private static String each(String text, Function<Character, String> disguise) {
        return text.chars().mapToObj(c -> disguise.apply((char) c)).collect(Collectors.joining());
    }

    private static boolean keeps(char c, boolean all) {
        return !all && c < 0x7F && Character.isLetterOrDigit(c);
    }

    private static String keep(char c) {
        return String.valueOf(c);
    }

    private static String percent(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            escaped.append(String.format(Locale.ROOT, "%%%02X", b));
        }
        return escaped.toString();
    }
}
