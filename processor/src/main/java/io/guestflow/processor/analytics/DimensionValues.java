package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.MetricsKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * Keeps windows from having rows without bound: of each dimension a window tells a number of values apart, those that
 * come first, and the rest are one, {@code other}. First come, because a stranger who makes up values must not displace
 * those that are in use. Asked only where a row is new.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class DimensionValues {
    private final WindowStore store;
    private final int most;
    private final AnalyticsMeters meters;

    DimensionValues(WindowStore store, int most, AnalyticsMeters meters) {
        this.store = store;
        this.most = most;
        this.meters = meters;
    }

    /** The row that stands for this one. */
    Row bounded(Row row) {
        return new Row(
                row.window(),
                bounded(row.window(), Dimension.CHANNEL, row.channelId()),
                bounded(row.window(), Dimension.SEGMENT, row.segment()),
                bounded(row.window(), Dimension.CAMPAIGN, row.campaign()));
    }

    private String bounded(Window window, Dimension dimension, String value) {
        if (value.equals(MetricsKey.OFF) || value.equals(MetricsKey.OTHER)) {
            return value;
        }
        Bytes key = WindowStore.key(window, WindowStore.VALUES, new byte[] {dimension.code});
        byte[] stored = store.get(key);
        byte[] known = stored == null ? new byte[0] : stored;
        long hash = hash(value);
        ByteBuffer hashes = ByteBuffer.wrap(known);
        while (hashes.hasRemaining()) {
            if (hashes.getLong() == hash) {
                return value;
            }
        }
        if (known.length >= most * Long.BYTES) {
            meters.beyondMost(dimension);
            return MetricsKey.OTHER;
        }
        store.put(
                key,
                ByteBuffer.wrap(Arrays.copyOf(known, known.length + Long.BYTES))
                        .putLong(known.length, hash)
                        .array());
        return value;
    }

    /** A good one: whoever finds values with equal hashes has as many of them as he likes. */
    private static long hash(String value) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has SHA-256 (java.security.MessageDigest's requirements).
            throw new IllegalStateException("SHA-256 is not usable on this JDK", impossible);
        }
    }

    /** What is told apart. */
    enum Dimension {
        CHANNEL(1),
        SEGMENT(2),
        CAMPAIGN(3);

        private final byte code;

        Dimension(int code) {
            this.code = (byte) code;
        }
    }
}
