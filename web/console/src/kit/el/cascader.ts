import 'element-plus/es/components/cascader/style/css'
export { ElCascader } from 'element-plus'
