import 'element-plus/es/components/drawer/style/css'
import { ElDrawer as Plain } from 'element-plus'
import { plainHead } from './landmark'
export const ElDrawer = plainHead(Plain, '.el-drawer__header')
