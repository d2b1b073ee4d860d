package io.guestflow.processor.sandbox.bench.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.processor.sandbox.bench.UsageException;
import io.guestflow.processor.sandbox.bench.auth.AuthBenchOptions.Part;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthBenchOptionsTest {

    @Test
    void withoutOptionsAllThatTheIssueBindsIsMeasured() {
        AuthBenchOptions options = AuthBenchOptions.parse(List.of());

        assertEquals(List.of(50, 200, 500), options.rates());
        assertEquals(EnumSet.allOf(Part.class), options.only());
        assertEquals(Duration.ofSeconds(30), options.hold());
        assertFalse(options.check());
        assertEquals(3, options.roundsAt(AuthBenchOptions.BOUND_RATE));
        assertEquals(2, options.roundsAt(50));
    }

    @Test
    void everyOptionArrives() {
        AuthBenchOptions options = AuthBenchOptions.parse(List.of(
                "--rates",
                "10,20",
                "--seconds",
                "3",
                "--warmup",
                "4",
                "--warmup-at-most",
                "44",
                "--rounds",
                "5",
                "--hold-seconds",
                "6",
                "--hold-from",
                "70",
                "--hold-step",
                "8",
                "--hold-to",
                "90",
                "--only",
                "alos,ready",
                "--check"));

        assertEquals(
                new AuthBenchOptions(
                        List.of(10, 20),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(44),
                        AuthBenchOptions.defaults().settle(),
                        5,
                        Duration.ofSeconds(6),
                        70,
                        8,
                        90,
                        AuthBenchOptions.defaults().readyStarts(),
                        EnumSet.of(Part.ALOS, Part.READY),
                        true),
                options);
    }

    @Test
    void quickIsABaseThatOtherOptionsChange() {
        AuthBenchOptions options = AuthBenchOptions.parse(List.of("--seconds", "9", "--quick"));

        assertEquals(Duration.ofSeconds(9), options.length());
        assertEquals(1, options.roundsAt(AuthBenchOptions.BOUND_RATE));
        assertFalse(options.runs(Part.ALOS));
        assertTrue(options.runs(Part.CEILING));
    }

    @ParameterizedTest
    @CsvSource({
        "--rate, 5, unknown option '--rate'",
        "--rates, '50,,200', '--rates needs whole numbers above 0, not ''50,,200'''",
        "--seconds, 0, '--seconds needs whole numbers above 0, not ''0'''",
        "--only, eos;held, '--only knows eos,alos,held,ceiling,ready, not ''eos;held'''",
    })
    void aWrongOptionIsNamedTogetherWithWhatItMayBe(String option, String value, String message) {
        var wrong = assertThrows(UsageException.class, () -> AuthBenchOptions.parse(List.of(option, value)));

        assertEquals(message, wrong.getMessage());
    }

    @Test
    void anOptionWithoutItsValueIsNamed() {
        var wrong = assertThrows(UsageException.class, () -> AuthBenchOptions.parse(List.of("--check", "--rounds")));

        assertEquals("--rounds needs a value", wrong.getMessage());
    }
}
