//! The columns of each sheet.

use kit_docs::table::{Column, Table, UnitFrom};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
}

impl SheetKind {
    pub const ALL: [Self; 3] = [Self::Purchases, Self::Sales, Self::Production];

    /// Name of the sheet.
    pub fn name(self) -> &'static str {
        match self {
            Self::Purchases => "进货",
            Self::Sales => "销售",
            Self::Production => "生产",
        }
    }
}

/// The columns people fill.
pub fn table(kind: SheetKind) -> Table {
    match kind {
        SheetKind::Purchases => purchases(),
        SheetKind::Sales => sales(),
        SheetKind::Production => production(),
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
    amount(table, "500", "公斤")
        .column(Column::text("doc_no", "单据号", 60).alias("送货单号").alias("凭证号"))
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
    amount(table, "50", "公斤").column(Column::text("doc_no", "单据号", 60).alias("送货单号").alias("凭证号"))
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
        .column(Column::text("doc_no", "单据号", 60).alias("生产单号"))
}
