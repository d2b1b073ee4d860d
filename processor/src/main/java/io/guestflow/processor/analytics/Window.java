package io.guestflow.processor.analytics;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;

/**
 * A window of time. In stores and timers it stands with its end first: entries lie in the order in which windows close
 * and are forgotten, so no scan of a window meets what was deleted.
 *
 * @param endMs the first millisecond that is no more in it
 * @param sizeMs how long it is
 */
record Window(long endMs, long sizeMs) {
    private static final long SECOND = Duration.ofSeconds(1).toMillis();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();

    static final int PREFIX_LENGTH = 2 * Long.BYTES;

    /** The window of that size which has that time in it; windows begin at multiples of their size since 1970. */
    static Window at(long ms, long sizeMs) {
        return new Window((Math.floorDiv(ms, sizeMs) + 1) * sizeMs, sizeMs);
    }

    /** The one of the same size that it follows. */
    Window before() {
        return new Window(endMs - sizeMs, sizeMs);
    }

    Instant start() {
        return Instant.ofEpochMilli(endMs - sizeMs);
    }

    Instant end() {
        return Instant.ofEpochMilli(endMs);
    }

    /** Its size as one writes it in the settings. */
    String sizeName() {
        if (sizeMs % DAY == 0) {
            return sizeMs / DAY + "d";
        }
        if (sizeMs % HOUR == 0) {
            return sizeMs / HOUR + "h";
        }
        if (sizeMs % MINUTE == 0) {
            return sizeMs / MINUTE + "m";
        }
        return sizeMs % SECOND == 0 ? sizeMs / SECOND + "s" : sizeMs + "ms";
    }

    /** What the keys of its entries begin with. */
    Bytes prefix() {
        return Bytes.wrap(ByteBuffer.allocate(PREFIX_LENGTH)
                .putLong(endMs)
                .putLong(sizeMs)
                .array());
    }

    /** The window whose prefix begins these bytes. */
    static Window of(byte[] key) {
        ByteBuffer in = ByteBuffer.wrap(key);
        return new Window(in.getLong(), in.getLong());
    }
}
