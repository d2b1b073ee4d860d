package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.MetricsKey;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Keeps windows from having rows without bound: of each dimension a window tells a number of values apart, and the rest are
 * one, {@code other}. A stranger who makes up values must not displace those that are in use: channels that an operator
 * has named always stand, then come the values of the last window that had any, and then those that come first. Nor must
 * the window after his be full before it begins: some places are for those that come first in any case. The same bound
 * holds for combinations; of one beyond it the channel stands, and the rest is {@code other}. Asked only where a row is new.
 *
 * <p>In one window the answer for a value never changes, so nothing of it lies in two rows: which values were in use
 * before is decided as of the fact with which the window begins, however late facts of earlier windows come.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class DimensionValues {
    private final WindowStore store;
    private final int most;
    private final Set<String> channels;
    private final AnalyticsMeters meters;

    DimensionValues(WindowStore store, int most, Set<String> channels, AnalyticsMeters meters) {
        this.store = store;
        this.most = most;
        this.channels = channels;
        this.meters = meters;
    }

    /** The row that stands for this one, asked because of the fact at that offset. */
    Row bounded(Row row, long offset) {
        Window window = row.window();
        String channelId = channels.contains(row.channelId())
                ? row.channelId()
                : bounded(window, Dimension.CHANNEL, row.channelId(), offset);
        String segment = bounded(window, Dimension.SEGMENT, row.segment(), offset);
        String campaign = bounded(window, Dimension.CAMPAIGN, row.campaign(), offset);
        Row bounded = new Row(window, channelId, segment, campaign);
        if (isOneOf(segment) || isOneOf(campaign)) {
            byte[] dimensions = bounded.key().get();
            byte[] combination = Arrays.copyOfRange(dimensions, WindowStore.KEY_START, dimensions.length);
            if (!stands(window, Dimension.COMBINATION, combination, offset)) {
                meters.beyondMost(Dimension.COMBINATION);
                return new Row(window, channelId, beyond(segment), beyond(campaign));
            }
        }
        return bounded;
    }

    private static boolean isOneOf(String value) {
        return !value.equals(MetricsKey.OFF) && !value.equals(MetricsKey.OTHER);
    }

    private static String beyond(String value) {
        return value.equals(MetricsKey.OFF) ? value : MetricsKey.OTHER;
    }

    private String bounded(Window window, Dimension dimension, String value, long offset) {
        if (!isOneOf(value)
                || value.equals(MetricsKey.UNKNOWN)
                || stands(window, dimension, value.getBytes(StandardCharsets.UTF_8), offset)) {
            return value;
        }
        meters.beyondMost(dimension);
        return MetricsKey.OTHER;
    }

    private boolean stands(Window window, Dimension dimension, byte[] value, long offset) {
        long hash = CountedValues.hash(value);
        Bytes key = valuesKey(window, dimension, hash);
        CountedValues known = CountedValues.of(store.get(key));
        if (known.cameAt(hash) != CountedValues.NEVER) {
            return true;
        }
        Bytes slotsKey = slotsKey(window, dimension);
        byte[] stored = store.get(slotsKey);
        Slots slots = stored == null ? begin(window, dimension, offset) : Slots.of(stored);
        boolean kept = slots.known < slots.kept && wasInUse(slots, window.sizeMs(), dimension, hash);
        Slots taken = slots.take(kept, most);
        if (taken == null) {
            return false;
        }
        store.put(key, known.with(hash, offset).bytes());
        store.put(slotsKey, taken.bytes());
        return true;
    }

    /**
     * A window has its first value. The values in use are those of the window that it follows; if that had none, of the latest
     * that has some, which is a later one where facts come late.
     */
    private Slots begin(Window window, Dimension dimension, long offset) {
        Bytes latestKey = WindowStore.latestKey(dimension.code, window.sizeMs());
        byte[] latest = store.get(latestKey);
        long latestEndMs = latest == null ? 0 : new In(latest).number();
        if (window.endMs() > latestEndMs) {
            store.put(latestKey, number(window.endMs()));
        }
        Window before = window.before();
        byte[] slots = store.get(slotsKey(before, dimension));
        if (slots == null && latest != null) {
            before = new Window(latestEndMs, window.sizeMs());
            slots = store.get(slotsKey(before, dimension));
        }
        return slots == null
                ? new Slots(0, 0, 0, 0, offset)
                : new Slots(Slots.of(slots).kept(most), 0, 0, before.endMs(), offset);
    }

    /** Whether the window before had the value when this one began. */
    private boolean wasInUse(Slots slots, long sizeMs, Dimension dimension, long hash) {
        if (slots.beforeEndMs == 0) {
            return false;
        }
        Window before = new Window(slots.beforeEndMs, sizeMs);
        long cameAt =
                CountedValues.of(store.get(valuesKey(before, dimension, hash))).cameAt(hash);
        return cameAt != CountedValues.NEVER && cameAt < slots.beganAt;
    }

    private static byte[] number(long number) {
        Out out = new Out();
        out.number(number);
        return out.bytes();
    }

    private static Bytes slotsKey(Window window, Dimension dimension) {
        return WindowStore.key(window, WindowStore.VALUES, new byte[] {dimension.code});
    }

    private static Bytes valuesKey(Window window, Dimension dimension, long hash) {
        return WindowStore.key(window, WindowStore.VALUES, new byte[] {dimension.code, CountedValues.entry(hash)});
    }

    /**
     * How many values of a dimension a window has.
     *
     * @param kept places for values of the window before
     * @param known values of the window before that are in this one too, and have one of these places
     * @param fresh the others
     * @param beforeEndMs when the window before ended; 0 if there was none
     * @param beganAt the offset of the fact that brought the first value
     */
    private record Slots(int kept, int known, int fresh, long beforeEndMs, long beganAt) {
        /** How many places the next window keeps for values of this one: for as many as it has, to three quarters. */
        int kept(int most) {
            return Math.min(known + fresh, (int) (most * 3L / 4));
        }

        static Slots of(byte[] stored) {
            In in = new In(stored);
            return new Slots(in.count(), in.count(), in.count(), in.number(), in.number());
        }

        byte[] bytes() {
            Out out = new Out();
            out.number(kept);
            out.number(known);
            out.number(fresh);
            out.number(beforeEndMs);
            out.number(beganAt);
            return out.bytes();
        }

        /** With one value more; null if there is no room. */
        @Nullable
        Slots take(boolean onKeptPlace, int most) {
            if (onKeptPlace) {
                return new Slots(kept, known + 1, fresh, beforeEndMs, beganAt);
            }
            return kept + fresh < most ? new Slots(kept, known, fresh + 1, beforeEndMs, beganAt) : null;
        }
    }

    /** What is told apart. */
    enum Dimension {
        CHANNEL(1),
        SEGMENT(2),
        CAMPAIGN(3),
        /** All of them together. */
        COMBINATION(4);

        private final byte code;

        Dimension(int code) {
            this.code = (byte) code;
        }
    }
}
