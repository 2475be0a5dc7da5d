//! The columns of each sheet.

use kit_docs::table::{Column, Table, UnitFrom};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::papers::Papers;

/// What a sheet records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SheetKind {
    /// 进货台账: what was bought
    Purchases,
    /// 销售台账: what was sold to businesses or consumers
    Sales,
    /// 生产记录: what was made out of what
    Production,
    /// 产品: what a business makes or sells
    Products,
}

impl SheetKind {
    pub const ALL: [Self; 4] = [Self::Purchases, Self::Sales, Self::Production, Self::Products];

    /// Name of the sheet.
    pub fn name(self) -> &'static str {
        match self {
            Self::Purchases => "进货",
            Self::Sales => "销售",
            Self::Production => "生产",
            Self::Products => "产品",
        }
    }
}

/// The columns people fill.
pub fn table(kind: SheetKind) -> Table {
    match kind {
        SheetKind::Purchases => purchases(),
        SheetKind::Sales => sales(),
        SheetKind::Production => production(),
        SheetKind::Products => products(),
    }
}

fn product(table: Table, example: &str) -> Table {
    table
        .column(
            Column::text("product", "产品名称", 100)
                .required()
                .alias("商品名称")
                .alias("食品名称")
                .alias("品名")
                .example(example)
                .help("与系统中的产品名称一致"),
        )
        .column(
            Column::code("product_code", "产品编码")
                .alias("商品条码")
                .alias("条码")
                .alias("货号")
                .help("商品条码或本单位的产品编号；填了就以编码为准"),
        )
}

fn amount(table: Table, number: &str, unit: &str) -> Table {
    table
        .column(Column::amount("amount", "数量", UnitFrom::Column("unit")).required().example(number))
        .column(
            Column::text("unit", "单位", 10)
                .alias("计量单位")
                .example(unit)
                .help("克、公斤、斤、吨、毫升、升、件、袋、瓶、箱等"),
        )
}

fn purchases() -> Table {
    let table = Table::new("进货")
        .column(
            Column::date("date", "进货日期").required().alias("收货日期").alias("日期").example("2026-03-05"),
        )
        .column(
            Column::text("other", "供货者", 100)
                .required()
                .alias("供应商")
                .alias("供货单位")
                .alias("供货者名称")
                .example("华龙区老王粮油批发部（示例，请删除本行）"),
        )
        .column(
            Column::code("other_code", "供货者代码")
                .alias("供货者统一社会信用代码")
                .help("统一社会信用代码或平台主体码，没有的留空"),
        );
    let table = product(table, "小麦粉");
    let table = table
        .column(Column::text("spec", "规格", 50).alias("规格型号").example("25kg/袋"))
        .column(Column::text("batch", "批号", 40).alias("生产批号").help("没有的留空，以生产日期为批号"))
        .column(Column::date("made", "生产日期").example("2026-02-20"))
        .column(Column::date("expires", "保质期至").alias("有效期至").alias("到期日期"));
    let table = amount(table, "500", "公斤")
        .column(Column::text("doc_no", "单据号", 60).alias("送货单号").alias("凭证号"));
    papers(table, Papers::FIELDS.len())
        .note("没有登记过的产品，勾选“自动建立产品”后按名称和单位建立，之后请补全类别、规格等")
}

fn sales() -> Table {
    let table = Table::new("销售")
        .column(
            Column::date("date", "销售日期").required().alias("发货日期").alias("日期").example("2026-03-05"),
        )
        .column(
            Column::text("other", "购货者", 100)
                .alias("客户")
                .alias("购货单位")
                .alias("收货者")
                .example("华龙区老李面馆（示例，请删除本行）")
                .help("卖给消费者的留空"),
        )
        .column(
            Column::code("other_code", "购货者代码")
                .alias("购货者统一社会信用代码")
                .help("统一社会信用代码或平台主体码，没有的留空"),
        );
    let table = product(table, "小麦粉")
        .column(Column::text("batch", "批号", 40).alias("生产批号").help("留空则按先到期先出"));
    let table = amount(table, "50", "公斤")
        .column(Column::text("doc_no", "单据号", 60).alias("送货单号").alias("凭证号"));
    papers(table, Papers::FIELDS.len() - Papers::OF_SUPPLIER)
}

/// Columns for what goes with the food; all may stay empty.
fn papers(table: Table, fields: usize) -> Table {
    let help = |key: &str| match key {
        "animal_quarantine" => "肉类填写证号",
        "commitment" => "食用农产品填写编号",
        "customs" | "import_inspection" => "进口食品填写",
        "vehicle" => "如 豫J12345",
        key if key.starts_with("supplier") => "供货者不在平台登记时填写",
        _ => "",
    };
    let of = |(key, name): &(&'static str, &'static str)| {
        let most = if *key == "supplier_address" { 200 } else { 60 };
        Column::text(key, *name, most).help(help(key))
    };
    Papers::FIELDS[..fields].iter().fold(table, |table, field| table.column(of(field)))
}

fn production() -> Table {
    let table = Table::new("生产")
        .column(Column::date("date", "生产日期").required().alias("日期").example("2026-03-05"));
    let table = product(table, "挂面（示例，请删除本行）")
        .column(Column::text("batch", "批号", 40).alias("生产批号").help("没有的留空，以生产日期为批号"));
    amount(table, "200", "公斤")
        .column(Column::date("expires", "保质期至").help("留空则按产品的保质期计算"))
        .column(Column::text("inspector", "检验人", 50).alias("出厂检验人"))
        .column(
            Column::text("inputs", "原料", 1_000)
                .alias("投料")
                .alias("原辅料")
                .example("小麦粉 190公斤；食盐#20260101 2公斤")
                .help("产品名称或编码、空格、数量和单位；多种原料用分号隔开；要指明批次时在名称后写 #批号"),
        )
        .column(
            Column::text("additives", "食品添加剂", 1_000)
                .alias("添加剂")
                .example("山梨酸钾 50克 防腐剂")
                .help("名称、用量和单位、功能类别，之间空格；多种用分号隔开"),
        )
        .column(Column::text("doc_no", "单据号", 60).alias("生产单号"))
}

fn products() -> Table {
    let categories = parties::reference::get().categories.iter().map(|c| (c.code, c.name));
    let units = [("g", "重量"), ("ml", "容量"), ("pc", "件数")];
    let states = [("active", "在用"), ("withdrawn", "停用")];
    Table::new("产品")
        .column(
            Column::text("name", "产品名称", 100)
                .required()
                .alias("名称")
                .alias("商品名称")
                .alias("食品名称")
                .alias("品名")
                .example("小麦粉（示例，请删除本行）"),
        )
        .column(
            Column::choice("category", "类别", categories)
                .required()
                .alias("食品类别")
                .help("从下拉列表中选择，或填类别编号"),
        )
        .column(
            Column::choice("unit", "计量方式", units)
                .required()
                .example("重量")
                .help("按重量、容量还是件数登记；以后不能更改"),
        )
        .column(Column::text("spec", "规格", 50).alias("规格型号").example("25kg/袋"))
        .column(
            Column::amount("pack_size", "包装含量", UnitFrom::Cell)
                .alias("净含量")
                .example("25公斤")
                .help("一个销售包装的含量，写明单位；散装的留空"),
        )
        .column(Column::code("gtin", "商品条码").unique().alias("条码").help("没有的留空"))
        .column(
            Column::code("own_code", "自编码")
                .unique()
                .alias("产品编码")
                .alias("货号")
                .help("留空由系统编号"),
        )
        .column(Column::text("brand", "品牌", 50).alias("商标"))
        .column(Column::whole("shelf_days", "保质期（天）", 1, 36_500).alias("保质期").example("180"))
        .column(Column::text("standard", "执行标准", 100).alias("产品标准号").example("GB/T 1355"))
        .column(Column::text("storage", "贮存条件", 100).example("阴凉干燥处"))
        .column(
            Column::text("producer", "生产者", 100).alias("生产厂家").alias("生产企业").help("留空为本主体"),
        )
        .column(Column::code("licence", "生产许可证").alias("生产许可证编号").alias("SC编号"))
        .column(Column::choice("status", "状态", states).help("不填为在用"))
        .note("按自编码或商品条码对应已有产品，都没有时按名称加规格；更新时留空的格子不改动原有内容")
}
