package io.guestflow.processor.sandbox.bench.auth;

import io.guestflow.processor.sandbox.bench.auth.RecordSizes.Size;
import java.util.Arrays;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Records of the size that the system's have on a hop, and with nothing in them but the guest's key. */
final class FloorRecords {
    private static final String HEADER = "h";

    private final int keySize;
    private final byte[] value;
    private final byte[] header;

    FloorRecords(Size size) {
        this.keySize = size.key();
        this.value = new byte[size.value()];
        this.header = new byte[Math.max(0, size.headers() - HEADER.length())];
    }

    /** The guest's own key where it is at least as large, else filled up. */
    byte[] key(byte[] guest) {
        return keySize <= guest.length ? guest : Arrays.copyOf(guest, keySize);
    }

    /** The same array each time: filling one costs, and nobody looks inside. */
    byte[] value() {
        return value;
    }

    Headers headers() {
        Headers headers = new RecordHeaders();
        if (header.length > 0) {
            headers.add(HEADER, header);
        }
        return headers;
    }
}
