package io.guestflow.processor.sandbox.bench.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.processor.sandbox.bench.auth.RecordSizes.Size;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RecordSizesTest {

    @Test
    void sizesReachTheFloorsProcessAsAnArgument() {
        var sizes = new RecordSizes(Arrays.stream(Hop.values())
                .collect(Collectors.toMap(hop -> hop, hop -> new Size(hop.ordinal(), 100 + hop.ordinal(), 20))));

        assertEquals(sizes, RecordSizes.parse(sizes.toString()));
    }

    @Test
    void recordsAreAsLargeAsTheSystemsAndKeysStayTheGuests() {
        var records = new FloorRecords(new Size(6, 300, 31));

        assertEquals(300, records.value().length);
        var header = records.headers().iterator().next();
        assertEquals(31, header.key().length() + header.value().length);
        assertArrayEquals(new byte[] {1, 2, 0, 0, 0, 0}, records.key(new byte[] {1, 2}));
        byte[] longer = {1, 2, 3, 4, 5, 6, 7};
        assertArrayEquals(longer, records.key(longer), "cutting a key would make guests one");
    }

    @Test
    void aHopWithoutHeadersHasNone() {
        var records = new FloorRecords(new Size(6, 0, 0));

        assertEquals(
                Map.of(),
                Arrays.stream(records.headers().toArray())
                        .collect(Collectors.toMap(header -> header.key(), header -> header.value())));
    }
}
