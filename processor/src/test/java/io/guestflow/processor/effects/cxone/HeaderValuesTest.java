package io.guestflow.processor.effects.cxone;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HeaderValuesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "segment=vip;privacy_mode=off", "{\"a\":\"b c\"}", "a\tb", "~!"})
    void visibleAsciiMayStandInAHeader(String value) {
        assertTrue(HeaderValues.safe(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " a",
                "a ",
                "\ta",
                "a\r\nX-Evil: 1",
                "a\nb",
                "a\rb",
                "a\0b",
                "a\u007fb",
                "é",
                "\u2028",
                "a\u0085b"
            })
    void whatCouldSplitOrSpoilAHeaderMayNot(String value) {
        assertFalse(HeaderValues.safe(value));
    }

    @Test
    void tenKilobytesAreNoHeader() {
        assertFalse(HeaderValues.safe("a".repeat(10 * 1024)));
        assertTrue(HeaderValues.safe("a".repeat(HeaderValues.MAX_LENGTH)));
    }

    static IntStream seeds() {
        return IntStream.range(0, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsSafeNeverMakesTheHttpClientThrow(int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder value = new StringBuilder();
            for (int length = random.nextInt(12); length >= 0; length--) {
                value.append((char) random.nextInt(random.nextBoolean() ? 128 : 0x3000));
            }
            if (HeaderValues.safe(value.toString())) {
                assertDoesNotThrow(() ->
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1/")).header("X-Test", value.toString()));
            }
        }
    }

    @Test
    void idsAreEncodedIntoOnePathSegment() {
        assertEquals("a-b_c.d~9", PathSegment.encode("a-b_c.d~9"));
        assertEquals("a%2Fb%3Fc%23d%25e%20%2B", PathSegment.encode("a/b?c#d%e +"));
        assertEquals("%C3%A9%0D%0A", PathSegment.encode("é\r\n"));
        assertFalse(PathSegment.encodable(""));
        assertFalse(PathSegment.encodable("."));
        assertFalse(PathSegment.encodable(".."));
        assertTrue(PathSegment.encodable("..."));
    }
}
