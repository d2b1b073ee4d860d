package io.guestflow.processor.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UuidsTest {
    @ParameterizedTest
    @CsvSource({
        "0F0E0D0C-0B0A-4908-8706-050403020100, 0f0e0d0c-0b0a-4908-8706-050403020100",
        "0f0e0d0c-0b0a-4908-8706-050403020100, 0f0e0d0c-0b0a-4908-8706-050403020100",
        "Conv-A, Conv-A",
        "0F0E0D0C-0B0A-4908-8706-05040302010G, 0F0E0D0C-0B0A-4908-8706-05040302010G",
        "0F0E0D0C00B0A-4908-8706-050403020100, 0F0E0D0C00B0A-4908-8706-050403020100",
        "0F0E0D0C-0B0A-4908-8706-0504030201000, 0F0E0D0C-0B0A-4908-8706-0504030201000",
    })
    void aUuidIsWrittenInLowerCaseAndNothingElseIsChanged(String id, String expected) {
        assertEquals(expected, Uuids.lowerCase(id));
    }
}
