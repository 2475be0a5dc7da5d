/** Words that are written again and again: a tap instead of typing. They are suggestions of the app, no text of the law. */
export const PASSED = ['已整改到位，现场核实', '照片与现场一致', '记录已补齐']
export const NOT_PASSED = ['整改不到位，同一问题仍在', '照片与现场不符', '只改了一部分']
export const BAD = ['标签标识不全', '记录缺失或不完整', '超过保质期', '生熟未分开', '未按要求冷藏或冷冻', '环境不洁', '从业人员健康证明缺失或过期', '设施损坏', '未落实自查']
export const REASONS = { refusal: ['负责人拒绝签字', '负责人不在现场，其他人员拒绝签字'] }
