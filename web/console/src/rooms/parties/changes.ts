/** What was done to a business, and to which of its fields. */
export const CHANGES: Record<string, string> = { create: '登记', update: '修改', status: '变更状态', site: '场所', merge: '合并' }
export const FIELDS: Record<string, string> = {
  name: '名称', uscc: '统一社会信用代码', kind: '业态', division: '区划', address: '地址', position: '坐标', items: '经营项目', licences: '证照', people: '人员', note: '备注', status: '状态', reason: '原因', site: '场所', merged: '并入或并来',
}
