package io.guestflow.processor.sandbox.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {
    private final RequestIds ids = new RequestIds("a1-2");

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 10, 99_999})
    void anIdTellsItsNumber(int index) {
        assertEquals(index, ids.index(ids.of(index)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a1-20-1", "a1-1-1", "a1-2", "a1-2-", "a1-2-x", "a1-2-1-1", "", "a1-2-99999999999999999999"})
    void anIdOfAnotherRunIsForeign(String id) {
        assertEquals(RequestIds.FOREIGN, ids.index(id));
    }
}
