package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.MetricsKey;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Keeps windows from having rows without bound: of each dimension a window tells a number of values apart, and the rest are
 * one, {@code other}. A stranger who makes up values must not displace those that are in use: channels that an operator
 * has named always stand, then come the values of the window before, and then those that come first. The same bound
 * holds for combinations; of one beyond it the channel stands, and the rest is {@code other}. Asked only where a row is new.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class DimensionValues {
    private static final byte[] IN_USE = {1};
    /** 64 bits of a good hash: whoever finds values with equal ones has as many of them as he likes. */
    private static final int HASH_BYTES = 8;

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

    /** The row that stands for this one. */
    Row bounded(Row row) {
        Window window = row.window();
        String channelId = channels.contains(row.channelId())
                ? row.channelId()
                : bounded(window, Dimension.CHANNEL, row.channelId());
        String segment = bounded(window, Dimension.SEGMENT, row.segment());
        String campaign = bounded(window, Dimension.CAMPAIGN, row.campaign());
        Row bounded = new Row(window, channelId, segment, campaign);
        if (isOneOf(segment) || isOneOf(campaign)) {
            byte[] dimensions = bounded.key().get();
            byte[] combination = Arrays.copyOfRange(dimensions, WindowStore.KEY_START, dimensions.length);
            if (!stands(window, Dimension.COMBINATION, combination)) {
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

    private String bounded(Window window, Dimension dimension, String value) {
        if (!isOneOf(value)
                || value.equals(MetricsKey.UNKNOWN)
                || stands(window, dimension, value.getBytes(StandardCharsets.UTF_8))) {
            return value;
        }
        meters.beyondMost(dimension);
        return MetricsKey.OTHER;
    }

    private boolean stands(Window window, Dimension dimension, byte[] value) {
        byte[] hash = hash(value);
        Bytes key = key(window, dimension, hash);
        if (store.get(key) != null) {
            return true;
        }
        Bytes slotsKey = key(window, dimension, new byte[0]);
        byte[] stored = store.get(slotsKey);
        Slots slots = stored == null
                ? Slots.after(store.get(key(window.before(), dimension, new byte[0])), most)
                : Slots.of(stored);
        boolean before = store.get(key(window.before(), dimension, hash)) != null;
        Slots taken = slots.take(before, most);
        if (taken == null) {
            return false;
        }
        store.put(key, IN_USE);
        store.put(slotsKey, taken.bytes());
        return true;
    }

    private static Bytes key(Window window, Dimension dimension, byte[] hash) {
        byte[] entry = new byte[1 + hash.length];
        entry[0] = dimension.code;
        System.arraycopy(hash, 0, entry, 1, hash.length);
        return WindowStore.key(window, WindowStore.VALUES, entry);
    }

    private static byte[] hash(byte[] value) {
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(value), HASH_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has SHA-256 (java.security.MessageDigest's requirements).
            throw new IllegalStateException("SHA-256 is not usable on this JDK", impossible);
        }
    }

    /**
     * How many values of a dimension a window has.
     *
     * @param kept for values of the window before, so many as it had when this one began
     * @param known values of the window before that are in this one too
     * @param fresh the others
     */
    private record Slots(int kept, int known, int fresh) {
        /** Of a window that begins. */
        static Slots after(byte @Nullable [] before, int most) {
            if (before == null) {
                return new Slots(0, 0, 0);
            }
            Slots slots = of(before);
            return new Slots(Math.min(most, slots.known + slots.fresh), 0, 0);
        }

        static Slots of(byte[] stored) {
            In in = new In(stored);
            return new Slots(in.count(), in.count(), in.count());
        }

        byte[] bytes() {
            Out out = new Out();
            out.number(kept);
            out.number(known);
            out.number(fresh);
            return out.bytes();
        }

        /** With one value more; null if there is no room. */
        @Nullable
        Slots take(boolean before, int most) {
            if (before && known < kept) {
                return new Slots(kept, known + 1, fresh);
            }
            return kept + fresh < most ? new Slots(kept, known, fresh + 1) : null;
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
