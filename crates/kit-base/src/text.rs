//! Text as people write it: the plain form that search compares, pinyin, and what is hidden of personal data.

use pinyin::ToPinyin;

/// A full-width character (as Chinese input methods write Latin letters and digits) in half width.
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The form in which texts are searched and compared: half width, lower case, letters, digits and Han characters only.
pub fn search_form(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    search_form_into(text, &mut out);
    out
}

/// [`search_form`] appended to a buffer.
pub fn search_form_into(text: &str, out: &mut String) {
    for c in text.chars().map(half_width) {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !c.is_ascii() && c.is_alphanumeric() {
            // the small form of İ is an i and a dot that stands by itself
            out.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
        }
    }
}

/// Words whose reading differs from the most common readings of their characters; those that names of places and
/// businesses use.
const READINGS: &[(&str, &[&str])] = &[
    ("重庆", &["chong", "qing"]),
    ("重阳", &["chong", "yang"]),
    ("厦门", &["xia", "men"]),
    ("大厦", &["da", "sha"]),
    ("商厦", &["shang", "sha"]),
    ("六安", &["lu", "an"]),
    ("六合", &["lu", "he"]),
    ("蚌埠", &["beng", "bu"]),
    ("乐清", &["yue", "qing"]),
    ("乐陵", &["lao", "ling"]),
    ("单县", &["shan", "xian"]),
    ("番禺", &["pan", "yu"]),
    ("洪洞", &["hong", "tong"]),
    ("朝阳", &["chao", "yang"]),
    ("成都", &["cheng", "du"]),
    ("首都", &["shou", "du"]),
    ("浚县", &["xun", "xian"]),
    ("长垣", &["chang", "yuan"]),
    ("长治", &["chang", "zhi"]),
    ("长沙", &["chang", "sha"]),
    ("长春", &["chang", "chun"]),
    ("长江", &["chang", "jiang"]),
    ("长安", &["chang", "an"]),
    ("校长", &["xiao", "zhang"]),
    ("银行", &["yin", "hang"]),
    ("商行", &["shang", "hang"]),
    ("粮行", &["liang", "hang"]),
    ("车行", &["che", "hang"]),
    ("茶行", &["cha", "hang"]),
    ("音乐", &["yin", "yue"]),
    ("薄荷", &["bo", "he"]),
    ("咖啡", &["ka", "fei"]),
    ("茄子", &["qie", "zi"]),
    ("会计", &["kuai", "ji"]),
    ("调味", &["tiao", "wei"]),
    ("炸鸡", &["zha", "ji"]),
    ("油炸", &["you", "zha"]),
    ("家乐福", &["jia", "le", "fu"]),
    ("便宜", &["pian", "yi"]),
    ("参茸", &["shen", "rong"]),
    ("人参", &["ren", "shen"]),
    ("海参", &["hai", "shen"]),
];

/// The pinyin of a text in search form: `full` without tones, and `initials` of each Han character. Other letters and
/// digits stand in both as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    pub full: String,
    pub initials: String,
}

/// Reads a text aloud in pinyin. ü is written v, as on a keyboard.
pub fn reading(text: &str) -> Reading {
    let text = search_form(text);
    let mut out = Reading::default();
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        if c.is_ascii() {
            out.full.push(c);
            out.initials.push(c);
            rest = &rest[1..];
        } else if let Some((word, syllables)) = READINGS.iter().find(|(word, _)| rest.starts_with(word)) {
            syllables.iter().for_each(|s| out.syllable(s));
            rest = &rest[word.len()..];
        } else {
            match c.to_pinyin() {
                Some(p) => out.syllable(&p.plain().replace('ü', "v")),
                None => {
                    out.full.push(c);
                    out.initials.push(c);
                }
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

impl Reading {
    fn syllable(&mut self, syllable: &str) {
        self.full.push_str(syllable);
        self.initials.extend(syllable.chars().next());
    }
}

/// A person's name as others see it: `张三` and `张小明` are `张*` (regulations 3.5).
pub fn mask_name(name: &str) -> String {
    let mut chars = name.trim().chars();
    match chars.next() {
        Some(first) => format!("{first}*"),
        None => String::new(),
    }
}

/// Surnames of two characters.
const COMPOUND_SURNAMES: &[&str] = &[
    "欧阳", "司马", "诸葛", "上官", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "东方", "司徒", "长孙",
    "宇文", "端木", "南宫", "独孤", "轩辕", "百里", "呼延", "拓跋", "太史", "申屠", "澹台", "公冶", "钟离",
    "闻人", "赫连", "闾丘", "东郭", "西门",
];
/// The commonest surnames of one character: together those of more than nine people in ten (公安部 2020 年全国姓名报告).
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪\
    廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪辛牛温樊葛邢安齐伍庞颜倪庄聂章鲁岳翟殷詹申\
    欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚\
    娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝";
/// How the names of businesses end.
const TRADES: &str = "店铺行部厂场社坊摊户站馆楼园院庄司心点记局所校市城号吧屋房厅仓库村组队会";

/// Whether a name is like that of a person: two to four Han characters, the first a surname, the last nothing that names of
/// businesses end with. It may take a short brand for a person, hardly a person for a business.
pub fn like_a_person(name: &str) -> bool {
    let chars: Vec<char> = name.trim().chars().filter(|c| !matches!(c, '·' | ' ' | '　')).collect();
    let (Some(first), Some(last)) = (chars.first(), chars.last()) else { return false };
    let surname = SURNAMES.contains(*first) || COMPOUND_SURNAMES.iter().any(|s| name.trim().starts_with(s));
    (2..=4).contains(&chars.len())
        && chars.iter().all(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
        && surname
        && !TRADES.contains(*last)
}

/// The name of somebody of whom it is not known whether it is a person or a business, as the public sees it.
pub fn mask_if_person(name: &str) -> String {
    if like_a_person(name) { mask_name(name) } else { name.to_owned() }
}

/// A telephone number as others see it: `138****1234`; of a short or fixed number the last four stay.
pub fn mask_phone(number: &str) -> String {
    let chars: Vec<char> = number.trim().chars().collect();
    match chars.len() {
        0 => String::new(),
        1..=4 => "****".to_owned(),
        11 if chars[0] == '1' => edges(&chars, 3, 4, 4),
        _ => edges(&chars, 0, 4, 4),
    }
}

/// An id number as others see it: the first six (division) and the last four stay.
pub fn mask_id(number: &str) -> String {
    let chars: Vec<char> = number.trim().chars().collect();
    match chars.len() {
        0 => String::new(),
        1..=11 => "****".to_owned(),
        n => edges(&chars, 6, 4, n - 10),
    }
}

/// A home address as others see it: down to the street office or town.
pub fn mask_address(address: &str) -> String {
    for mark in ["街道", "镇", "乡", "区", "县", "市"] {
        if let Some(at) = address.find(mark) {
            return format!("{}****", &address[..at + mark.len()]);
        }
    }
    mask_name(address)
}

fn edges(chars: &[char], front: usize, back: usize, stars: usize) -> String {
    let mut out: String = chars[..front].iter().collect();
    out.push_str(&"*".repeat(stars));
    out.extend(&chars[chars.len() - back..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_form_levels_what_people_vary() {
        let table = [
            ("ＡＢＣ 超市（一店）", "abc超市一店"),
            ("91330100-MA2A BCD05P", "91330100ma2abcd05p"),
            ("　濮阳·老字号　", "濮阳老字号"),
            ("!@#￥%……", ""),
            ("İstanbul", "istanbul"),
        ];
        for (text, expected) in table {
            assert_eq!(search_form(text), expected, "{text}");
        }
    }

    #[test]
    fn pinyin_reads_as_people_do() {
        let table = [
            ("濮阳食品", "puyangshipin", "pysp"),
            ("重庆小面", "chongqingxiaomian", "cqxm"),
            ("老王商行2店", "laowangshanghang2dian", "lwsh2d"),
            ("绿源", "lvyuan", "ly"),
            ("A1奶茶", "a1naicha", "a1nc"),
        ];
        for (text, full, initials) in table {
            let reading = reading(text);
            assert_eq!((reading.full.as_str(), reading.initials.as_str()), (full, initials), "{text}");
        }
    }

    #[test]
    fn what_is_personal_is_hidden() {
        assert_eq!(mask_name("张小明"), "张*");
        assert_eq!(mask_name("张三"), "张*");
        assert_eq!(mask_name(""), "");
        for person in ["张三", "张小明", "诸葛长青", "欧阳碧水", " 王大锤 ", "李 明", "夏侯小满"]
        {
            assert!(like_a_person(person), "{person}");
        }
        for business in [
            "老王猪肉批发部",
            "张记",
            "王家店",
            "李庄",
            "外地粮站",
            "马厂",
            "双汇",
            "A1",
            "",
            "王",
            "张三面馆",
            "Zhang San",
        ] {
            assert!(!like_a_person(business), "{business}");
        }
        assert_eq!(mask_if_person("诸葛长青"), "诸*");
        assert_eq!(mask_if_person("外地粮站"), "外地粮站");
        assert_eq!(mask_phone("13812341234"), "138****1234");
        assert_eq!(mask_phone("03931234567"), "****4567");
        assert_eq!(mask_phone("123"), "****");
        assert_eq!(mask_id("11010519491231002X"), "110105********002X");
        assert_eq!(mask_address("河南省濮阳市华龙区人民路街道10号"), "河南省濮阳市华龙区人民路街道****");
    }
}
