package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.MetricsKey;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/** One combination of dimensions in one window: what is counted together. */
record Row(Window window, String channelId, String segment, String campaign) {
    /** Where it lies in a store. */
    Bytes key() {
        return WindowStore.key(window, WindowStore.ROWS, dimensions());
    }

    /** Where what one partition of facts knows of it lies. */
    Bytes partKey(int partition) {
        byte[] dimensions = dimensions();
        return WindowStore.key(
                window,
                WindowStore.PARTS,
                ByteBuffer.allocate(dimensions.length + Integer.BYTES)
                        .put(dimensions)
                        .putInt(partition)
                        .array());
    }

    /** The row that lies there. */
    static Row of(Bytes key) {
        byte[] bytes = key.get();
        In in = new In(Arrays.copyOfRange(bytes, WindowStore.KEY_START, bytes.length));
        return new Row(Window.of(bytes), in.text(), in.text(), in.text());
    }

    /** The key of its records. */
    byte[] recordKey() {
        return MetricsKey.of(window.sizeName(), window.start(), channelId, segment, campaign)
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] dimensions() {
        Out out = new Out();
        out.text(channelId);
        out.text(segment);
        out.text(campaign);
        return out.bytes();
    }
}
