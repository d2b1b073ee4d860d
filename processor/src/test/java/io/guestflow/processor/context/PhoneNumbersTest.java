package io.guestflow.processor.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Asks libphonenumber how fixed-line and mobile numbers are written in each of its regions. */
class PhoneNumbersTest {
    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();

    @ParameterizedTest
    @EnumSource(names = {"E164", "INTERNATIONAL", "RFC3966"})
    void findsInternationalNumbersOfEveryRegion(PhoneNumberFormat format) {
        List<String> missed = examples()
                .map(number -> PLANS.format(number, format))
                // Niue, Tokelau, Tristan da Cunha: four digits after the country, shorter than "+1000000 points".
                .filter(text -> digits(text) > 7)
                .filter(text -> !PhoneNumbers.occurIn(text))
                .toList();
        assertEquals(List.of(), missed);
    }

    @Test
    void findsNationalNumbersThatAreWrittenInGroupsOfAtLeastNineDigits() {
        List<String> national = examples()
                .map(number -> PLANS.format(number, PhoneNumberFormat.NATIONAL))
                .filter(text -> digits(text) >= 9)
                .filter(text -> text.chars().anyMatch(c -> " -()/.".indexOf(c) >= 0))
                .toList();
        long found = national.stream().filter(PhoneNumbers::occurIn).count();
        assertTrue(national.size() > 250, "regions: " + national.size());
        assertTrue(found >= national.size() * 0.95, found + " of " + national.size());
    }

    @Test
    void readsBareNationalNumbersAsIds() {
        assertTrue(examples()
                .map(number -> number.getNationalNumber())
                .map(String::valueOf)
                .noneMatch(PhoneNumbers::occurIn));
    }

    private static Stream<PhoneNumber> examples() {
        return new TreeSet<>(PLANS.getSupportedRegions())
                .stream()
                        .flatMap(region -> Stream.of(PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
                                .map(type -> PLANS.getExampleNumberForType(region, type)))
                        .filter(Objects::nonNull);
    }

    private static long digits(String text) {
        return text.chars().filter(Character::isDigit).count();
    }
}
