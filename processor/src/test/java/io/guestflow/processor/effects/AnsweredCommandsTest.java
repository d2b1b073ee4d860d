package io.guestflow.processor.effects;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AnsweredCommandsTest {
    private static final long SKEW = AnsweredCommands.CLOCK_SKEW.toMillis();

    @Test
    void remembersTheLastOnesAndForgetsTheOldest() {
        AnsweredCommands answered = new AnsweredCommands(2);
        answered.add("a", 1);
        answered.add("b", 2);
        answered.add("c", 3);

        assertFalse(answered.contains("a", 0));
        assertTrue(answered.contains("b", 0));
        assertTrue(answered.contains("c", 0));
    }

    @Test
    void aCommandThatIsThereTakesNoRoomAgain() {
        AnsweredCommands answered = new AnsweredCommands(2);
        answered.add("a", 1);
        answered.add("b", 2);
        answered.add("b", 3);

        assertTrue(answered.contains("a", 0));
    }

    @Test
    void aCommandYoungerThanTheOutcomeIsAnotherOneWithTheSameId() {
        AnsweredCommands answered = new AnsweredCommands(2);
        answered.add("a", 100_000);

        assertTrue(answered.contains("a", 99_000));
        assertTrue(answered.contains("a", 100_000 + SKEW), "another instance's clock may run ahead");
        assertFalse(answered.contains("a", 100_001 + SKEW), "it would never be answered");

        answered.add("a", 200_000);
        assertTrue(answered.contains("a", 200_000));
    }
}
