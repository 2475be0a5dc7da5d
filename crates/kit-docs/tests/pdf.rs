//! Every document is set, its Chinese can be taken out again as text, and what looks like markup stays text.
//! The files stay in the target folder's `tmp`, to be looked at.

use std::path::{Path, PathBuf};
use std::process::Command;

use kit_base::{PartialDate, Unit};
use kit_docs::pdf::{
    Block, BusinessCard, Grid, Label, LabelSheet, Look, Official, OrderKind, OrderList, OrderLot, Roll,
    business_card, label_roll, label_sheet, official, order_list,
};

/// The text of a PDF, or `None` (said aloud) where pdftotext is not installed; `make` installs it.
fn text_of(name: &str, pdf: &[u8]) -> Option<String> {
    let path = kept(name, pdf);
    let out = match Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output() {
        Ok(out) => out,
        Err(e) => {
            eprintln!("skipped: the text of {name} is not checked, pdftotext is absent ({e})");
            return None;
        }
    };
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8(out.stdout).unwrap())
}

fn kept(name: &str, pdf: &[u8]) -> PathBuf {
    assert!(pdf.starts_with(b"%PDF-"));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, pdf).unwrap();
    path
}

fn pages(pdf_text: &str) -> usize {
    pdf_text.matches('\u{c}').count()
}

fn holds(text: &str, wanted: &[&str]) {
    // a long number may be broken where a space of no width stands
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect();
    for words in wanted {
        let want: String = words.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(plain.contains(&want), "“{words}” is not in:\n{text}");
    }
}

fn day(text: &str) -> PartialDate {
    text.parse().unwrap()
}

fn label(n: usize) -> Label {
    Label {
        code: format!("3M7K-9QX2-{n:04}-C"),
        url: format!("https://shian.puyang.example/t/3M7K9QX2{n:04}C"),
        name: "豫香牌石磨芝麻酱（纯芝麻）".into(),
        spec: Some("350 克 × 12 瓶".into()),
        batch: Some(format!("20260301-{n:02}")),
        made: Some(day("2026-03-01")),
        expires: Some(day("2027-08-31")),
        producer: Some("濮阳市豫香调味品有限公司".into()),
    }
}

fn lot(n: i64, holder: Option<&str>) -> OrderLot {
    OrderLot {
        holder: holder.map(str::to_owned),
        product: "豫香牌石磨芝麻酱".into(),
        spec: Some("350 克/瓶".into()),
        producer: Some("濮阳市豫香调味品有限公司".into()),
        batch: Some(format!("20260301-{n:02}")),
        made: Some(day("2026-03-01")),
        unit: Unit::G,
        received: Some(42_000 * n),
        on_hand: if n % 5 == 0 { None } else { Some(8_400 * n) },
        sold: Some(31_500 * n),
        unaccounted: if n % 5 == 0 { None } else { Some(2_100 * n) },
    }
}

fn notice() -> OrderList {
    OrderList {
        kind: OrderKind::Notice,
        bureau: "濮阳市市场监督管理局".into(),
        number: "濮市监食处〔2026〕12号".into(),
        date: day("2026-03-18"),
        addressee: "濮阳市华龙区好想来食品超市".into(),
        scope: "PC-2026-0007".into(),
        url: "https://shian.puyang.example/s/PC-2026-0007".into(),
        title: "关于停止销售并处置“豫香”牌芝麻酱问题批次的通知".into(),
        body: vec![
            "经抽样检验，濮阳市豫香调味品有限公司2026年3月1日生产的石磨芝麻酱检出沙门氏菌，不符合食品安全国家标准。\
             经食品安全追溯系统排查，你单位购进了下列批次的食品。"
                .into(),
            "依据《中华人民共和国食品安全法》第六十三条、第一百零五条和《食品召回管理办法》的规定，现通知如下：".into(),
        ],
        lots: (1..=6).map(|n| lot(n, None)).collect(),
        demands: vec![
            "自收到本通知起立即停止销售和使用上列批次的食品，就地封存，设立明显标志，并如实登记数量。".into(),
            "已经售出的，在经营场所显著位置张贴召回公告，通知购买者停止食用并办理退货。".into(),
            "于2026年3月20日18时前，将封存、退货、去向不明的数量及说明报送我局，不得自行销毁或者转移。".into(),
        ],
        contact: Some("王建国　0393-6660000".into()),
        copies: vec!["华龙区市场监督管理局".into(), "中原路市场监督管理所".into()],
        simulated: true,
    }
}

#[test]
fn a_notice_says_what_to_do_and_ends_in_the_proof_of_service() {
    let pdf = order_list(&notice()).unwrap();
    let Some(text) = text_of("notice.pdf", &pdf) else { return };
    holds(
        &text,
        &["濮阳市市场监督管理局文件", "濮市监食处〔2026〕12号", "关于停止销售并处置", "20260301-06"],
    );
    // sold: 31.5 kg × (1 + … + 6)
    holds(&text, &["合计（6批）", "661.5"]);
    holds(
        &text,
        &["不详", "另1批不详", "送达回证", "2026年3月18日", "抄送", "第1页", "模拟数据", "PC-2026-0007"],
    );
}

#[test]
fn a_checklist_of_a_county_groups_its_holders_and_runs_over_pages() {
    let mut order = notice();
    order.kind = OrderKind::Checklist;
    order.bureau = "濮阳市市场监督管理局".into();
    order.addressee = "华龙区市场监督管理局".into();
    order.title = "“豫香”牌芝麻酱问题批次核查清单".into();
    order.simulated = false;
    order.lots = (1..=60)
        .map(|n| lot(n, Some(&format!("好想来食品超市第{}分店　华龙区中原路{}号", n % 13 + 1, n % 13 + 1))))
        .collect();
    let pdf = order_list(&order).unwrap();
    assert_eq!(pdf, order_list(&order).unwrap(), "the same input makes the same file");
    let Some(text) = text_of("checklist.pdf", &pdf) else { return };
    holds(&text, &["核查记录", "账面在库", "实际在库", "第13分店", "合计（60批）", "被核查单位"]);
    assert!(!text.contains("模拟数据"));
    let all = pages(&text);
    assert!(all >= 3, "{all} pages");
    holds(&text, &[&format!("第{all}页共{all}页")]);
    // a long number may be broken where a space of no width stands
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect();
    assert_eq!(plain.matches("第2分店").count(), 1, "lots of one holder stand together");
}

#[test]
fn mixed_units_stand_in_the_cells() {
    let mut order = notice();
    order.lots[1].unit = Unit::Pc;
    order.lots[1].received = Some(1_234);
    let Some(text) = text_of("mixed.pdf", &order_list(&order).unwrap()) else { return };
    holds(&text, &["42 公斤", "1234 件"]);
}

#[test]
fn what_looks_like_markup_is_text() {
    let evil = "#panic(\"x\") *粗* _斜_ $x^2$ @ref <l> #read(\"/etc/passwd\") \\u{41} `raw` = 标题";
    let mut order = notice();
    order.title = evil.into();
    order.addressee = evil.into();
    order.body = vec![evil.into()];
    order.demands = vec![evil.into()];
    order.lots[0].product = evil.into();
    order.lots[0].holder = Some(evil.into());
    let Some(text) = text_of("evil.pdf", &order_list(&order).unwrap()) else { return };
    holds(&text, &["#panic(\"x\")", "*粗*", "$x^2$", "#read(\"/etc/passwd\")", "\\u{41}", "`raw`"]);
    let mut evil_label = label(1);
    evil_label.name = evil.into();
    let sheet =
        LabelSheet { grid: Grid::A4x8, labels: &[evil_label], skip: 0, cut_lines: false, simulated: false };
    let Some(text) = text_of("evil_label.pdf", &label_sheet(&sheet).unwrap()) else { return };
    holds(&text, &["#panic(\"x\")"]);
}

#[test]
fn labels_fill_every_grid() {
    for grid in Grid::ALL {
        let labels: Vec<Label> = (1..=grid.labels()).map(label).collect();
        let sheet = LabelSheet { grid, labels: &labels, skip: 1, cut_lines: true, simulated: true };
        let pdf = label_sheet(&sheet).unwrap();
        let Some(text) = text_of(&format!("{}.pdf", grid.as_str()), &pdf) else { return };
        assert_eq!(
            pages(&text),
            2,
            "{}: one place is skipped, so the last label is on page 2",
            grid.as_str()
        );
        holds(&text, &["豫香牌", "3M7K-9QX2-0001-C", &format!("3M7K-9QX2-{:04}-C", grid.labels())]);
        assert_eq!(Grid::parse(grid.as_str()), Some(grid));
    }
}

#[test]
fn a_roll_has_a_page_a_label() {
    let labels: Vec<Label> = (1..=3).map(label).collect();
    let roll = |width, height| Roll { width, height, labels: &labels, simulated: false };
    for (width, height) in [(60, 40), (40, 30), (100, 70), (30, 20)] {
        let pdf = label_roll(&roll(width, height)).unwrap();
        let Some(text) = text_of(&format!("roll_{width}x{height}.pdf"), &pdf) else { return };
        assert_eq!(pages(&text), 3);
        holds(&text, &["3M7K-9QX2-0003-C"]);
    }
    assert_eq!(label_roll(&roll(10, 40)).unwrap_err().code, "label_size");
}

#[test]
fn a_poster_has_the_code_and_the_licences() {
    let card = BusinessCard {
        name: "濮阳市华龙区老王烩面馆".into(),
        code: "PY-7K3M-9Q2X".into(),
        url: "https://shian.puyang.example/b/PY7K3M9Q2X".into(),
        kind: "餐饮服务 · 小餐饮".into(),
        licences: vec![
            ("食品经营许可证".into(), "JY24109020012345".into()),
            ("统一社会信用代码".into(), "92410902MA9F6CAR1X".into()),
        ],
        address: Some("河南省濮阳市华龙区中原路与京开大道交叉口向东 200 米路南".into()),
        person: Some("王建国".into()),
        bureau: "濮阳市华龙区市场监督管理局".into(),
        hotline: "12315".into(),
        simulated: true,
    };
    let Some(text) = text_of("poster.pdf", &business_card(&card).unwrap()) else { return };
    holds(&text, &["食品安全码", "老王烩面馆", "PY-7K3M-9Q2X", "JY24109020012345", "12315", "模拟数据"]);
    assert_eq!(pages(&text), 1);
}

#[test]
fn nothing_and_too_much_are_refused() {
    let empty = LabelSheet { grid: Grid::A4x8, labels: &[], skip: 0, cut_lines: false, simulated: false };
    assert_eq!(label_sheet(&empty).unwrap_err().code, "labels_none");
    let many = vec![label(1); kit_docs::pdf::MAX_LABELS + 1];
    let many = LabelSheet { labels: &many, ..empty };
    assert_eq!(label_sheet(&many).unwrap_err().code, "labels_too_many");
    let mut order = notice();
    order.lots.clear();
    assert_eq!(order_list(&order).unwrap_err().code, "lots_none");
}

/// What zbar reads on the pages of a PDF, in any order; `None` (said aloud) where it or pdftoppm is not installed.
fn decoded(name: &str, pdf: &[u8]) -> Option<Vec<String>> {
    let path = kept(name, pdf);
    let folder = tempfile::tempdir().unwrap();
    let pictures = folder.path().join("page");
    let drawn = Command::new("pdftoppm").args(["-r", "300", "-gray"]).arg(&path).arg(&pictures).status();
    if drawn.is_err() || Command::new("zbarimg").arg("--version").output().is_err() {
        eprintln!("skipped: the codes of {name} are not read, pdftoppm or zbarimg is absent");
        return None;
    }
    let mut codes = Vec::new();
    for page in std::fs::read_dir(folder.path()).unwrap() {
        let out = Command::new("zbarimg")
            .args(["--quiet", "--raw", "--set", "disable", "--set", "qrcode.enable"])
            .arg(page.unwrap().path())
            .output()
            .unwrap();
        codes.extend(String::from_utf8(out.stdout).unwrap().lines().map(str::to_owned));
    }
    codes.sort();
    Some(codes)
}

#[test]
fn every_label_is_read_by_another_program() {
    let digital = |n: usize| Label {
        url: format!("https://shian.puyang.example/01/06901234567892/10/20260301-{n:02}/21/{n:04}?17=270831"),
        ..label(n)
    };
    let urls = |labels: &[Label]| {
        let mut urls: Vec<String> = labels.iter().map(|l| l.url.clone()).collect();
        urls.sort();
        urls
    };
    let check = |name: String, pdf: Vec<u8>, expected: Vec<String>| {
        if let Some(found) = decoded(&name, &pdf) {
            assert_eq!(found, expected, "{name}");
        }
        if let Some(text) = text_of(&name, &pdf) {
            assert!(!text.contains('¥') && !text.contains('元'), "no price on {name}");
        }
    };
    for (width, height) in [(30, 40), (40, 30), (50, 30), (60, 40), (100, 100)] {
        let labels: Vec<Label> = (1..=3).map(|n| if width > 50 { digital(n) } else { label(n) }).collect();
        let pdf = label_roll(&Roll { width, height, labels: &labels, simulated: false }).unwrap();
        check(format!("read-roll-{width}x{height}.pdf"), pdf, urls(&labels));
    }
    for grid in Grid::ALL {
        let labels: Vec<Label> = (1..=7).map(label).collect();
        // begins in the middle of a sheet and goes on on the next
        let skip = grid.labels() - 3;
        let sheet = LabelSheet { grid, labels: &labels, skip, cut_lines: true, simulated: false };
        check(format!("read-{}.pdf", grid.as_str()), label_sheet(&sheet).unwrap(), urls(&labels));
    }
}

fn decision() -> Official {
    Official {
        look: Look::Letter,
        organ: "濮阳市华龙区市场监督管理局".into(),
        title: "行政处罚决定书".into(),
        number: "华市监罚〔2026〕12号".into(),
        addressee: "濮阳市华龙区老王烩面馆".into(),
        blocks: vec![
            Block::Rows(vec![("当事人".into(), "濮阳市华龙区老王烩面馆 #1".into())]),
            Block::Heading("一、违法事实".into()),
            Block::Text("经查，当事人未查验供货者的许可证。\n以上事实有下列证据：".into()),
            Block::Table {
                title: "证据清单".into(),
                heads: vec!["名称".into(), "来源".into()],
                rows: vec![vec!["现场笔录".into(), "*现场*".into()], vec!["照片".into(), "$2 张".into()]],
            },
        ],
        remedies: vec!["如不服本决定，可以自收到之日起六十日内申请行政复议。".into()],
        date: "2026年3月3日".into(),
        url: "https://shian.example/doc/23456789ABCDEFGH".into(),
        verify: "23456789ABCDEFGH".into(),
        hash: "0123456789abcdef0123456789abcdef".into(),
        ..Official::default()
    }
}

#[test]
fn an_official_document_says_what_it_was_given_and_shows_a_seal_or_a_place_for_it() {
    let bare = official(&decision()).unwrap();
    assert_eq!(bare, official(&decision()).unwrap(), "the same bytes each time");
    let wanted = [
        "行政处罚决定书",
        "华市监罚〔2026〕12号",
        "老王烩面馆#1",
        "*现场*",
        "$2张",
        "六十日内",
        "2345 6789 ABCD EFGH",
        "0123456789abcdef",
        "印章",
    ];
    if let Some(text) = text_of("official.pdf", &bare) {
        holds(&text, &wanted);
        assert!(!text.contains('废'));
    }
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, 2, 2);
    encoder.set_color(png::ColorType::Rgb);
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&[200, 20, 30, 255, 255, 255, 200, 20, 30, 9, 9, 9])
        .unwrap();
    let sealed = official(&Official { seal: Some(png), void: true, ..decision() }).unwrap();
    assert_ne!(bare, sealed);
    if let Some(text) = text_of("official-void.pdf", &sealed) {
        // turned text comes out sign by sign
        holds(&text, &["作", "废"]);
        assert!(!text.contains("印　章"));
    }
    let form = Official {
        look: Look::Form,
        signs: vec!["当事人（签名或盖章）".into()],
        addressee: String::new(),
        ..decision()
    };
    let form = official(&form).unwrap();
    if let Some(text) = text_of("official-form.pdf", &form) {
        holds(&text, &["当事人（签名或盖章）", "行政处罚决定书"]);
    }
}
