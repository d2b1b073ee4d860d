package io.guestflow.processor.effects;

import java.util.function.Supplier;
import org.apache.kafka.common.errors.WakeupException;

/** A wakeup is meant for a poll, but one that comes when the poll is over ends the next blocking call instead. */
final class Wakeups {
    private Wakeups() {}

    /** The call, made again when a belated wakeup ended it. */
    static <T> T ignored(Supplier<T> call) {
        while (true) {
            try {
                return call.get();
            } catch (WakeupException belated) {
                // Consumed by this exception; the next one takes another completion.
            }
        }
    }
}
