package io.guestflow.processor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefKeysTest {
    static RefKeys keys(String... idsAndKeys) {
        var keys = new ArrayList<RefKey>();
        for (int i = 0; i < idsAndKeys.length; i += 2) {
            keys.add(RefKey.of(idsAndKeys[i], Base64.getDecoder().decode(idsAndKeys[i + 1])));
        }
        return new RefKeys(keys);
    }

    @Test
    void aBareKeyIsK1() throws BadValue {
        assertEquals(keys("k1", Given.KEY_A), RefKeys.parse(Given.KEY_A));
    }

    @Test
    void theFirstKeyWrites() throws BadValue {
        RefKeys keys = RefKeys.parse("2026:" + Given.KEY_B + "\n2025:" + Given.KEY_A + "\n");

        assertEquals("2026", keys.writing().id());
        assertEquals(keys("2026", Given.KEY_B, "2025", Given.KEY_A), keys);
    }

    @Test
    void urlSafeAndUnpaddedBase64IsReadToo() throws BadValue {
        byte[] bytes = new byte[33];
        java.util.Arrays.fill(bytes, (byte) 0xfb);
        String urlSafe = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);

        assertEquals(RefKey.of("k1", bytes), RefKeys.parse(urlSafe).writing());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bad id:A32      | part 1 has an id that is not 1 to 16 letters, digits, _ or -
            abcdefghijklmnopq:A32 | part 1 has an id that is not 1 to 16 letters, digits, _ or -
            :A32            | part 1 has an id that is not 1 to 16 letters, digits, _ or -
            k1:A32,k2:!!!   | part 2 is not base64
            c2hvcnQ=        | part 1 is a key of 5 bytes, which is fewer than 32
            k1:A32,k1:B32   | part 2 has the id of an earlier part
            A32,B32         | part 2 has the id of an earlier part
            k1:A32,k2:A32   | part 2 is the key of an earlier part under another id
            ','             | holds no key
            """)
    void whatIsWrongIsSaidWithoutRepeatingIt(String text, String whatIsWrong) {
        String keys = text.replace("A32", Given.KEY_A).replace("B32", Given.KEY_B);

        BadValue bad = assertThrows(BadValue.class, () -> RefKeys.parse(keys));

        assertEquals(whatIsWrong, bad.whatIsWrong());
    }

    @Test
    void noPrintShowsAKey() throws BadValue {
        assertFalse(RefKeys.parse(Given.KEY_A).toString().contains(Given.KEY_A.substring(0, 8)));
    }
}
