//! Numbers and truth values carry nothing.

use super::{check, flask};

#[test]
fn conversions_comparisons_and_lengths() {
    check(&flask(
        r#"
def f():
    q = request.args["q"]
    os.system("ls " + str(int(q)))
    os.system("ls " + str(q == "x"))
    os.system("ls " + str(len(q)))
    os.system("ls " + str(float(q) * 2))
    os.system("ls " + str(not q))
    os.system("ls " + q[1:3])  # hit
    os.system("ls " + q.upper())  # hit
"#,
    ));
}
