package io.guestflow.processor.measure;

import org.jspecify.annotations.Nullable;

/**
 * Conversations that are asked for together, or wait together; they are stored each by itself.
 *
 * @param number never used twice in a task
 * @param size how many
 * @param weight of their ids
 * @param commandId under which they are asked for; null before
 */
record Batch(
        long number,
        State state,
        int size,
        int weight,
        @Nullable String commandId) {
    /** Where it is. */
    enum State {
        /** Takes more. */
        OPEN,
        /** It would be asked for now, but as many commands are out as may be. */
        READY,
        /** The command is out. */
        ASKED,
        /** Until it is time to ask again. */
        WAITING
    }

    /** Whether one more would be too much for one command. */
    boolean hasNoRoomFor(Subject subject, MeasureRules rules) {
        return size > 0
                && (size >= rules.batchMost() || weight + IdWeight.of(subject.conversationId()) > rules.batchWeight());
    }

    /** Whether it need not wait for more. */
    boolean isFull(MeasureRules rules) {
        return size >= rules.batchMost();
    }

    /** Whether it has three quarters of what one command may ask for, or more. */
    boolean isNearlyFull(MeasureRules rules) {
        return 4 * size >= 3 * rules.batchMost() || 4 * weight >= 3 * rules.batchWeight();
    }

    Batch with(Subject subject) {
        return new Batch(number, state, size + 1, weight + IdWeight.of(subject.conversationId()), commandId);
    }

    /** Without the one that was added last. */
    Batch without(Subject last) {
        return new Batch(number, state, size - 1, weight - IdWeight.of(last.conversationId()), commandId);
    }

    Batch ready() {
        return new Batch(number, State.READY, size, weight, null);
    }

    Batch asked(String id) {
        return new Batch(number, State.ASKED, size, weight, id);
    }
}
