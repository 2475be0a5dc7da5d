import 'element-plus/es/components/dialog/style/css'
import { ElDialog as Plain } from 'element-plus'
import { plainHead } from './landmark'
export const ElDialog = plainHead(Plain, '.el-dialog__header')
