use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Gs1 {
    Gs1::parse(text).unwrap_or_else(|e| panic!("{text}: {e}")).unwrap_or_else(|| panic!("{text}: not GS1"))
}

#[test]
fn the_two_writings_name_the_same_thing() {
    let table = [
        ("urn:epc:id:sgtin:0614141.107346.2017", "https://id.gs1.org/01/10614141073464/21/2017"),
        ("urn:epc:class:lgtin:4012345.012345.998877", "https://id.gs1.de/01/04012345123456/10/998877"),
        ("urn:epc:idpat:sgtin:4012345.098765.*", "https://id.gs1.org/01/04012345987652"),
        ("urn:epc:id:sscc:4012345.0000000333", "https://id.gs1.org/00/040123450000003338"),
        ("urn:epc:id:sgln:4012345.00011.987", "https://id.gs1.org/414/4012345000115/254/987"),
        ("urn:epc:id:sgln:4012345.00011.0", "https://id.gs1.de/414/4012345000115?x=1#y"),
        ("urn:epc:id:pgln:4012345.00225", "https://id.gs1.org/417/4012345002256"),
        ("urn:epc:id:grai:4012345.66666.87", "https://id.gs1.org/8003/0401234566666387"),
        ("urn:epc:id:giai:4000001.111", "https://id.gs1.org/8004/4000001111"),
        ("urn:epc:id:gdti:4012345.55555.98", "https://id.gs1.org/253/401234555555498"),
        ("urn:epc:id:sgtin:4012345.012345.a%2Fb", "https://id.gs1.org/01/04012345123456/10/L7/21/a%2Fb"),
        ("urn:epc:class:lgtin:4012345.012345.998877", "(01)04012345123456(10)998877"),
        ("urn:epc:class:lgtin:4012345.012345.A1", "https://trace.example/gtin/4012345123456/lot/A1"),
    ];
    for (a, b) in table {
        // the check digits of the written links are part of the test: a wrong one is an error
        match (Gs1::parse(a), Gs1::parse(b)) {
            (Ok(Some(x)), Ok(Some(y))) => assert_eq!(x.key(), y.key(), "{a} {b}"),
            other => panic!("{a} {b}: {other:?}"),
        }
    }
    assert_eq!(read("urn:epc:class:lgtin:4012345.012345.A1").key(), "01:04012345123456:10:A1");
    assert_ne!(read("urn:epc:id:pgln:4012345.00225").key(), read("urn:epc:id:sgln:4012345.00225.0").key());
}

#[test]
fn every_key_of_the_standard_reads_and_writes() {
    let all = [
        "urn:epc:id:sgtin:4012345.012345.12",
        "urn:epc:id:sscc:4012345.0000000333",
        "urn:epc:id:grai:4012345.66666.87",
        "urn:epc:id:giai:4012345.AAbb",
        "urn:epc:id:gsrn:4012345.9876540000",
        "urn:epc:id:gsrnp:4012345.0000098765",
        "urn:epc:id:gdti:4012345.55555.98",
        "urn:epc:id:cpi:4012345.ABC.123",
        "urn:epc:id:sgcn:4012345.99999.44",
        "urn:epc:id:ginc:4012345.333",
        "urn:epc:id:gsin:4012345.999987654",
        "urn:epc:id:itip:4012345.012345.01.02.999",
        "urn:epc:id:upui:4012345.012345.AB12",
        "urn:epc:class:lgtin:4054739.099914.20160711",
        "urn:epc:idpat:sgtin:4054739.099914.*",
        "urn:epc:idpat:grai:4012345.66666.*",
        "urn:epc:idpat:gdti:4012345.55555.*",
        "urn:epc:idpat:sgcn:4012345.99999.*",
        "urn:epc:idpat:cpi:4012345.ABC.*",
        "urn:epc:idpat:itip:4012345.012345.01.02.*",
        "urn:epc:id:sgln:123456789012..0",
        "urn:epc:id:sgln:952005385.011.ts4711",
    ];
    for text in all {
        let code = read(text);
        assert_eq!(code.to_urn(None).unwrap(), text);
        assert_eq!(read(&code.to_link("https://id.gs1.org/")), code, "{text}");
    }
}

#[test]
fn wrong_codes_say_why() {
    let table = [
        ("https://id.gs1.org/01/04012345123455", "gs1_check_digit"),
        ("urn:epc:id:sgtin:40123.012345.1", "gs1_prefix"),
        ("urn:epc:id:sgtin:4012345.01234.1", "gs1_form"),
        ("urn:epc:id:sgtin:4012345.012345", "gs1_form"),
        ("urn:epc:id:sgtin:4012345.012345.123456789012345678901", "gs1_form"),
        ("urn:epc:id:sgtin:4012345.012345.a%2", "gs1_form"),
        ("urn:epc:idpat:sgtin:4012345.*.*", "gs1_pattern"),
        ("urn:epc:id:sscc", "gs1_form"),
        ("urn:epc:idpat:sgtin:*", "gs1_form"),
        ("urn:epc:idpat:sscc:4012345.*", "gs1_pattern"),
    ];
    for (text, code) in table {
        assert_eq!(Gs1::parse(text).unwrap_err().code, code, "{text}");
    }
    for text in [
        "410002113503769",
        "https://example.com/01/hello",
        "urn:uuid:1",
        "http://transaction.acme.com/po/1",
        "",
    ] {
        assert!(Gs1::parse(text).unwrap().is_none(), "{text}");
    }
    assert_eq!(key_of(" 410002113503769 "), "x:410002113503769");
    assert_eq!(Gs1::gtin("6901234567892", Some("A"), None).unwrap().key(), "01:06901234567892:10:A");
    assert_eq!(read("https://id.gs1.org/01/04012345123456").to_urn(None).unwrap_err().code, "gs1_prefix");
}

fn serial() -> impl Strategy<Value = String> {
    "[A-Za-z0-9!\"%&'()*+,./:;<=>?_-]{1,20}"
}

proptest! {
    #[test]
    fn trade_items_survive_both_writings(len in 6_usize..=12, digits in "[0-9]{13}", lot in serial(), instance: bool) {
        let (first, rest) = digits.split_at(1);
        let body = format!("{first}{rest}");
        let gtin = format!("{body}{}", check_digit(&body));
        let (l, s) = if instance { (None, Some(lot.as_str())) } else { (Some(lot.as_str()), None) };
        let code = Gs1::gtin(&gtin, l, s).unwrap();
        let urn = code.to_urn(Some(len as u8)).unwrap();
        let link = code.to_link("https://t.example/x");
        prop_assert_eq!(&read(&urn), &code);
        prop_assert_eq!(&read(&link), &code);
        let back = read(&urn);
        prop_assert_eq!(back.gtin14(), Some(gtin.as_str()));
        prop_assert_eq!(back.to_urn(None).unwrap(), urn);
    }

    #[test]
    fn places_survive_both_writings(len in 6_usize..=12, body in "[0-9]{12}", extension in proptest::option::of(serial())) {
        prop_assume!(extension.as_deref() != Some("0"));
        let (prefix, place) = body.split_at(len);
        let tail = extension.as_deref().map_or("0".to_owned(), |e| escape(e, b""));
        let urn = format!("urn:epc:id:sgln:{prefix}.{place}.{tail}");
        let code = read(&urn);
        prop_assert_eq!(code.serial.clone(), extension);
        prop_assert_eq!(&read(&code.to_link("https://id.gs1.org")), &code);
        prop_assert_eq!(&read(&code.to_urn(None).unwrap()), &code);
    }

    #[test]
    fn no_text_makes_it_fall_over(text in "\\PC{0,60}", tail in "[0-9a-z:./*%()]{0,40}") {
        for head in ["", "urn:epc:id:", "urn:epc:idpat:sgtin:", "urn:epc:id:itip:4012345.012345.", "https://x/01/", "https://x/", "(01)"] {
            let _ = Gs1::parse(&format!("{head}{text}"));
            let _ = Gs1::parse(&format!("{head}{tail}"));
            let _ = key_of(&format!("{head}{tail}{text}"));
        }
    }

    #[test]
    fn one_wrong_digit_is_found(body in "[0-9]{13}", at in 0_usize..14, by in 1_u8..10) {
        let mut digits: Vec<u8> = format!("{body}{}", check_digit(&body)).into_bytes();
        digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
        let wrong = String::from_utf8(digits).unwrap();
        prop_assert_eq!(Gs1::gtin(&wrong, None, None).unwrap_err().code, "gs1_check_digit");
    }
}
