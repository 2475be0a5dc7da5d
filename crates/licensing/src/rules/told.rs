//! What the applicant and its agent are told of each step.

/// Kind of message and sentence for an action of the case; `None` where there is nothing to tell. `day`: the last day of the clock that
/// runs now; empty where none does.
pub fn told(action: &str, remote: bool, day: &str) -> Option<(&'static str, String)> {
    let by = |text: &str| if day.is_empty() { String::new() } else { format!("，{text} {day}") };
    let progress = |text: String| Some(("progress", text));
    match action {
        "accept" => progress(format!("已受理{}", by("办理期限至"))),
        "deem_accepted" => progress(format!("逾期未告知，依法视为受理{}", by("办理期限至"))),
        "ask_mend" => Some(("task", format!("材料需要补正，请按一次性告知书补正后再提交{}", by("最后一日")))),
        "mend" => progress("补正材料已提交，等待受理".into()),
        "ask_shots" => Some(("task", "请按清单到现场逐项拍照，供远程核查".into())),
        "send_visit" if remote => progress("核查人员将按已拍的照片远程核查".into()),
        "send_visit" => progress(format!("将派人现场核查，请安排人员到场配合{}", by("最迟"))),
        "visit_passed" | "visited" | "conclude_visit" => {
            progress(format!("核查已有结论，等待决定{}", by("办理期限至")))
        }
        "visit_in" => progress("核查发现不符合项，等待核查人员作出结论".into()),
        "to_decide" => progress(format!("审查完毕，等待决定{}", by("办理期限至"))),
        "extend" => progress(format!("办理期限已延长{}", by("延至"))),
        "grant" | "grant_on_spot" => progress(format!("已准予，等待颁证{}", by("最迟"))),
        "deem_renewed" => progress(format!("逾期未决定，依法视为准予延续{}", by("最迟颁证"))),
        "issue" => Some(("ended", "证书已颁发，可在线查看和下载".into())),
        "publish" | "publish_by_clock" => Some(("ended", "已备案并公示".into())),
        "not_accept" | "reject" => Some(("ended", "不予受理，理由和救济途径见通知书".into())),
        "refuse" => Some(("ended", "不予许可，理由和救济途径见决定书".into())),
        "lapse" => Some(("ended", "逾期没有补正，本次申请已终止，可以重新申请".into())),
        "withdraw_application" => Some(("ended", "申请已撤回".into())),
        "op.suspend" => progress("办理已中止，中止期间不计入期限".into()),
        "op.resume" => progress(format!("已恢复办理{}", by("办理期限至"))),
        "op.terminate" => Some(("ended", "办理已终止，理由见办理记录".into())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_of_the_definitions_that_moves_a_case_is_told() {
        for text in [
            include_str!("../../../../data/flows/permit.json"),
            include_str!("../../../../data/flows/permit_filing.json"),
        ] {
            let flow: serde_json::Value = serde_json::from_str(text).unwrap();
            for action in flow["actions"].as_array().unwrap().iter().filter(|a| a["to"].is_string()) {
                let code = action["code"].as_str().unwrap();
                assert!(told(code, false, "2026-03-10").is_some(), "{code}");
            }
        }
        assert_eq!(told("send_visit", true, "").unwrap().1, "核查人员将按已拍的照片远程核查");
        assert_eq!(told("accept", false, "").unwrap().1, "已受理");
        assert_eq!(told("accept", false, "2026-03-17").unwrap().1, "已受理，办理期限至 2026-03-17");
    }
}
