package io.guestflow.processor.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ContextDrop.Reason;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class AllowedKeyTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "1st", "two words", "unknown#1", "a=b", "a;b", "é", "_x"})
    void refusesNamesThatAreNoKeys(String name) {
        assertTrue(
                assertThrows(IllegalArgumentException.class, () -> AllowedKey.of(name, AllowedKey.Type.TEXT, 10, null))
                        .getMessage()
                        .contains("'" + name + "'"));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, 0, 1025})
    void refusesLengthsOutOfBounds(int length) {
        assertTrue(assertThrows(
                        IllegalArgumentException.class, () -> AllowedKey.of("plan", AllowedKey.Type.TEXT, length, null))
                .getMessage()
                .contains("'plan'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[a-", "(a)\\1", "a(?=b)"})
    void refusesPatternsThatAreNotRe2s(String pattern) {
        assertTrue(assertThrows(
                        IllegalArgumentException.class, () -> AllowedKey.of("plan", AllowedKey.Type.TEXT, 10, pattern))
                .getMessage()
                .contains("'plan'"));
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
    void anOperatorsPatternCannotHoldUpTheThread() {
        // Two to the power of a thousand steps for a backtracking engine.
        ContextPolicy policy =
                new ContextPolicy(List.of(AllowedKey.of("plan", AllowedKey.Type.TEXT, 1024, "(a|a|aa)*(a*)*c")));
        assertEquals(
                List.of(new ContextDrop("plan", Reason.PATTERN_MISMATCH)),
                policy.screen(Map.of("plan", JsonNodeFactory.instance.stringNode("a".repeat(1000))))
                        .dropped());
    }
}
