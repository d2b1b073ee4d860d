package io.guestflow.processor.analytics;

import io.guestflow.contracts.analytics.MetricsKey;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/** One combination of dimensions in one window: what is counted together. */
record Row(Window window, String channelId, String segment, String campaign) {
    /** Where it lies in a store. */
    Bytes key() {
        return key(window, dimensions());
    }

    /** Where the row of that window lies that has these {@link #dimensions}. */
    static Bytes key(Window window, byte[] dimensions) {
        return WindowStore.key(window, WindowStore.ROWS, dimensions);
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
        return dimensions(channelId, segment, campaign);
    }

    /** The part of its key that is the same in every window. */
    static byte[] dimensions(String channelId, String segment, String campaign) {
        Out out = new Out();
        out.text(channelId);
        out.text(segment);
        out.text(campaign);
        return out.bytes();
    }
}
