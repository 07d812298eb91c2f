//! What programs give, as jq has it.

use super::*;

fn run(program: &str, state: &str, event: &str) -> String {
    let program = match Program::new(program) {
        Ok(program) => program,
        Err(error) => return format!("{error}"),
    };
    let json = |text: &str| Json::parse(text.as_bytes()).unwrap();
    let state = json(state);
    match program
        .run((state != Json::Null).then_some(&state), &json(event), || Json::parse(br#"{"offset":5}"#).unwrap())
    {
        Ok(Some(output)) => output.to_text(),
        Ok(None) => "nothing".to_owned(),
        Err(error) => format!("error: {error}"),
    }
}

/// `expected` is the list of all outputs of `program` for `input`. That jq 1.6 gives the same was seen by running it.
#[track_caller]
fn check(program: &str, input: &str, expected: &str) {
    assert_eq!(run(&format!("[{program}]"), input, "null"), expected, "{program}");
}

#[test]
fn members_elements_and_slices() {
    check(".a, .b, .a?", r#"{"a":1}"#, "[1,null,1]");
    check(".[0], .[-1], .[5], .[1:], .[:-1], .[-2:]", "[1,2,3]", "[1,3,null,[2,3],[1,2],[2,3]]");
    check(".[2:4], .[-1:]", r#""aé日本x""#, r#"["日本","x"]"#);
    check(".[0,1][0,1]", "[[1,2],[3,4]]", "[1,3,2,4]");
    check(r#".["a"], ."a", .a.b, .["a","b"]"#, r#"{"a":{"b":2}}"#, r#"[{"b":2},{"b":2},2,{"b":2},null]"#);
    check(".[]?, (.a|.[]?)", r#"{"a":3}"#, "[3]");
    check("try .a.b catch .", r#"{"a":3}"#, r#"["number (3) has no member string (\"b\")"]"#);
    check("..", "[1,[2]]", "[[1,[2]],1,[2],2]");
}

#[test]
fn operators_and_their_order() {
    check("(1,2) + (10,20)", "null", "[11,12,21,22]");
    check("1 + 2 * 3 - 4 / 2 % 3", "null", "[5]");
    check("5 % 3, -5 % 3, 5 % -3, 7 / 2", "null", "[2,-2,2,3.5]");
    check(
        r#""a" + "b", [1] + [2], {"a":1} + {"a":2,"b":3}, null + 1, "ab" * 2, "x" * 0"#,
        "null",
        r#"["ab",[1,2],{"a":2,"b":3},1,"abab",null]"#,
    );
    check(
        r#"{"a":{"b":1}} * {"a":{"c":2}}, [1,2,3,2] - [2], "a,b" / ",""#,
        "null",
        r#"[{"a":{"b":1,"c":2}},[1,3],["a","b"]]"#,
    );
    check(
        "1 == 1.0, 1 < 2, [1] < [1,0], {} > [], null < false, \"a\" < \"b\", 1 != 1",
        "null",
        "[true,true,true,true,true,true,false]",
    );
    check("true and (true, false), (false, true) or false, (null | not)", "null", "[true,false,false,true,true]");
    check(".a // 1, (false, null, 2, 3) // 4, (error(1) // 5), (empty // 6)", "{}", "[1,2,3,5,6]");
    check("-(1,2), -.[0]", "[3]", "[-1,-2,-3]");
}

#[test]
fn objects_texts_and_variables() {
    check("{a:1, b:(2,3)}", "null", r#"[{"a":1,"b":2},{"a":1,"b":3}]"#);
    check(
        r#"{a, "b", (.c):4, "x\(1)":5, @base64 "k":6} | keys"#,
        r#"{"a":1,"b":2,"c":"d"}"#,
        r#"[["a","b","d","k","x1"]]"#,
    );
    check("1 as $x | 2 as $y | {$x, $y, z:$x}", "null", r#"[{"x":1,"y":2,"z":1}]"#);
    check(r#""\(1,2)-\(3,4)""#, "null", r#"["1-3","2-3","1-4","2-4"]"#);
    check(". as [$a, {b: $c}] | $a, $c", r#"[1,{"b":2}]"#, "[1,2]");
    check(". as {$a, b: [$c]} | $a, $c", r#"{"a":1,"b":[2]}"#, "[1,2]");
    check(
        r#"@json "v=\(.)", @html "<\(.)>", @uri "?q=\(.)""#,
        r#""<é>""#,
        r#"["v=\"<é>\"","<&lt;é&gt;>","?q=%3C%C3%A9%3E"]"#,
    );
    check(
        "@base64, (@base64 | @base64d), ([1,\"a\\\"b\"] | @csv, @tsv)",
        r#""hé""#,
        r#"["aMOp","hé","1,\"a\"\"b\"","1\ta\"b"]"#,
    );
}

#[test]
fn control_flow() {
    check("if . > 1 then \"big\" elif . == 1 then \"one\" else \"small\" end", "1", r#"["one"]"#);
    check("if (true,false) then 1 else 2 end, (if false then 1 end)", "7", "[1,2,7]");
    check("try error(\"x\") catch ., (try error({a:1}) catch .a), (.a?), (try (1, error(2), 3))", "1", r#"["x",1,1]"#);
    check("label $out | 1, 2, break $out, 3", "null", "[1,2]");
    check(
        "reduce .[] as $x (0; . + $x), (foreach .[] as $x (0; . + $x)), (foreach .[] as $x (0; . + $x; [$x, .]))",
        "[1,2,3]",
        "[6,1,3,6,[1,1],[2,3],[3,6]]",
    );
    check("reduce empty as $x (5; 1), (reduce (1,2) as $x (0; empty))", "null", "[5,null]");
    check(
        "def f(g): g + 1; def h($x; $y): $x * $y; f(2), h(3; 4,5), (def r: if . > 3 then . else . + 1 | r end; 0 | r)",
        "null",
        "[3,12,15,4]",
    );
    check("def fac: if . <= 1 then 1 else . * (. - 1 | fac) end; 20 | fac", "null", "[2432902008176640000]");
    check(
        "first(range(5)), last(range(5)), [limit(2; range(5))], [skip(3; range(5))], first(empty), nth(2; range(5))",
        "null",
        "[0,4,[0,1],[3,4],2]",
    );
    check(
        "[limit(3; repeat(1))], [.[] | while(. < 20; . * 2)], (1 | until(. > 50; . * 3)), [2 | recurse(if . < 20 then . * . else empty end)]",
        "[5]",
        "[[[5],1,1],[5,10],81,[2,4,16,256]]",
    );
    check(
        "range(3), [range(2;4)], [range(0;10;4)], [range(3;0;-1)], [range(0,1;3,4)]",
        "null",
        "[0,1,2,[2,3],[0,4,8],[3,2,1],[0,1,2,0,1,2,3,1,2,1,2,3]]",
    );
}

#[test]
fn updates() {
    check(".a = 1, .a.b.c = 2, .[\"x\"] = (3,4)", "null", r#"[{"a":1},{"a":{"b":{"c":2}}},{"x":3},{"x":4}]"#);
    check(
        ".a |= . + 1, .a += 5, .b //= 7, .a -= 1, .a *= 2, .a /= 2, .a %= 2",
        r#"{"a":4}"#,
        r#"[{"a":5},{"a":9},{"a":4,"b":7},{"a":3},{"a":8},{"a":2},{"a":0}]"#,
    );
    check(
        ".[] += 1, (.[0,2] |= . * 10), (.[1:] = [9]), (.[] |= select(. != 2)), del(.[0,2]), del(.[1:])",
        "[1,2,3]",
        "[[2,3,4],[10,2,30],[1,9],[1,3],[2],[1]]",
    );
    check(
        "(.a, .b) = 1, (.. | select(. == 2)) |= 3, (.c | first(.x, .y)) = 4",
        r#"{"a":2}"#,
        r#"[{"a":1,"b":1},{"a":3},{"a":2,"c":{"x":4}}]"#,
    );
    check(
        "(if .a then .b else .c end) = 5, (.a // .z) = 6, (.q // .z) = 7",
        r#"{"a":1}"#,
        r#"[{"a":1,"b":5},{"a":6},{"a":1,"z":7}]"#,
    );
    check(".[3] = 1, .[-1] = 8, (try (.[-9] = 1) catch \"no\")", "[0]", r#"[[0,null,null,1],[8],"no"]"#);
    check(
        "map_values(. + 1), map_values(empty), with_entries(.value += 1), (to_entries | from_entries)",
        r#"{"a":1}"#,
        r#"[{"a":2},{},{"a":2},{"a":1}]"#,
    );
    check(
        "[paths], [paths(type == \"number\")], [leaf_paths], path(.a[0].b?), [path(..)]",
        r#"{"a":[1]}"#,
        r#"[[["a"],["a",0]],[["a",0]],[["a",0]],[[],["a"],["a",0]]]"#,
    );
    check(
        "getpath([\"a\",\"b\"]), setpath([\"a\",0]; 1), delpaths([[\"x\"],[\"y\"]]), pick(.x)",
        r#"{"x":1,"z":2}"#,
        r#"[null,{"x":1,"z":2,"a":[1]},{"z":2},{"x":1}]"#,
    );
    check("try path(1) catch \"none\", (try ((1 | .a) = 2) catch \"none\")", "null", r#"["none","none"]"#);
}

#[test]
fn functions() {
    check("length, (.[] | length)", r#"[null,-3,"日本",[1],{"a":1}]"#, "[5,0,3,2,1,1]");
    check(
        "keys, keys_unsorted, has(\"b\"), (.[\"b\"] | type)",
        r#"{"b":1,"a":2}"#,
        r#"[["a","b"],["b","a"],true,"number"]"#,
    );
    check(
        "sort, sort_by(-.), group_by(. % 2), unique, min, max, min_by(-.), max_by(-.), reverse, add, any, all",
        "[3,1,2,1]",
        "[[1,1,2,3],[3,2,1,1],[[2],[3,1,1]],[1,2,3],1,3,3,1,[1,2,1,3],7,true,true]",
    );
    check(
        "flatten, flatten(1), (.[1:] | map(type)), index(1), transpose?",
        "[1,[2,[3]]]",
        r#"[[1,2,3],[1,2,[3]],["array"],0]"#,
    );
}

#[test]
fn names_that_are_missing_are_told_with_their_place() {
    assert_eq!(run(".a |\n  foo(1)", "null", "null"), "line 2, column 3: there is no filter foo/1");
    assert_eq!(run(". as $x | $y", "null", "null"), "line 1, column 11: there is no variable $y");
    assert_eq!(run("1 +", "null", "null"), "line 1, column 4: expected term, found the end");
    assert_eq!(run("{a:", "null", "null"), "line 1, column 4: expected closing brace");
    assert_eq!(run("if 1 then 2", "null", "null"), "line 1, column 12: expected else or end, found the end");
    assert_eq!(run("break $x", "null", "null"), "line 1, column 7: there is no label $x");
    for name in ["now", "input", "inputs", "debug", "env", "halt", "$ENV", "input_filename"] {
        assert!(run(name, "null", "null").contains("not available"), "{name}");
    }
}

#[test]
fn nothing_hangs_grows_without_end_or_overflows_the_stack() {
    const ENDLESS: &str = "more than 500000 steps";
    const DEEP: &str = "more than 256 levels deep";
    const LARGE: &str = "a value of more than 4194304 bytes";
    let mut wrong = Vec::new();
    for (program, limit) in [
        ("[repeat(.)]", ENDLESS),
        ("last(repeat(.))", ENDLESS),
        ("def f: f; f", ENDLESS),
        ("def f: try f catch f; f", DEEP),
        ("def f: (f), (f); f", DEEP),
        ("def f: 1 + f; f", DEEP),
        ("def f: [f]; f", DEEP),
        ("def f: {a: f}; f", DEEP),
        ("def f: f |= 1; f", DEEP),
        ("def f: -f; f", DEEP),
        ("def f(g): f(g | g); f(.)", DEEP),
        ("def f(g): f(1, g); f(.)", DEEP),
        ("def f($x): f($x + 1); f(0)", ENDLESS),
        ("def f: def g: f; g; f", ENDLESS),
        ("[range(1e12)]", ENDLESS),
        ("last(range(1e12))", ENDLESS),
        ("range(0; 1; 0) | select(. > 1)", ENDLESS),
        ("reduce range(1e12) as $x (0; . + 1)", ENDLESS),
        ("foreach repeat(1) as $x (0; . + 1; empty)", ENDLESS),
        ("[limit(1e12; repeat(1))]", ENDLESS),
        ("first(repeat(1) | select(. == 2))", ENDLESS),
        ("label $out | repeat(1) | empty", ENDLESS),
        ("until(false; .)", ENDLESS),
        ("while(true; .) | empty", ENDLESS),
        ("recurse(.) | empty", ENDLESS),
        ("isempty(repeat(1) | empty)", ENDLESS),
        ("[repeat(1) | error?]", ENDLESS),
        ("try repeat(error) catch repeat(1) | empty", ENDLESS),
        ("\"x\" * 1e9", LARGE),
        ("\"x\" * 1e300", LARGE),
        ("reduce range(40) as $i (\"x\"; . + .)", LARGE),
        ("reduce range(40) as $i ([1]; . + .)", LARGE),
        ("reduce range(60) as $i (1; [., .])", LARGE),
        ("reduce range(60) as $i (1; {a: ., b: .})", LARGE),
        ("reduce range(60) as $i (\"x\"; \"\\(.)\\(.)\")", "more than"),
        (".[1e9] = 1", LARGE),
        (".[1e300] = 1", "out of range"),
        ("reduce range(1000) as $i (1; [.])", "nested too deep"),
        ("reduce range(1000) as $i (1; {a: .})", "nested too deep"),
        ("setpath([range(1000) | 0]; 1)", "is not a path"),
        ("path(repeat(.a)) | empty", "too long"),
        ("[range(20000)] | [.[] as $x | .[] as $y | 1]", ENDLESS),
        ("[range(3000)] | . - . | [range(3000)] as $x | $x - $x - $x", ENDLESS),
        ("[range(100000)] | join(\"x\" * 100000)", LARGE),
        ("[range(20000)] | contains([range(20000)])", ENDLESS),
        ("[range(5000)] | combinations", "number"),
        ("[[range(99)], [range(99)], [range(99)]] | [combinations] | length", ENDLESS),
        ("[range(100000)] | .[] += 1 | .[] |= [.] | length", ENDLESS),
        ("[range(100000)] | sort_by(-.) | sort | group_by(.) | length", ENDLESS),
        ("2 | until(false; . * .)", ENDLESS),
        ("\"9\" * 100000 | tonumber | until(false; . * .)", ENDLESS),
        ("reduce range(400) as $i (\"[\" * 100000; .) | fromjson", "JSON"),
    ] {
        let output = run(program, "null", "null");
        if !output.contains(limit) {
            wrong.push(format!("{program}: {}", output.chars().take(200).collect::<String>()));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn programs_too_long_or_nested_too_deep_are_refused() {
    for program in [
        "(".repeat(5000),
        format!("{}1{}", "(".repeat(5000), ")".repeat(5000)),
        format!("{}1{}", "[".repeat(63), "]".repeat(63)),
        "-".repeat(5000) + "1",
        ".|".repeat(5000) + ".",
        "1+".repeat(5000) + "1",
        ".a".repeat(3000),
        ".[0]".repeat(3000),
        "if 1 then ".repeat(1000),
        "try ".repeat(2000) + "1",
        "def f: ".repeat(1500),
        "label $x | ".repeat(1000) + "1",
        "1 as $x | ".repeat(1000) + "1",
        ". as [".repeat(1000),
        format!("\"{}\"", "\\(\"".repeat(1000)),
        format!("{}1{}", "reduce ".repeat(1000), " as $x (0;1)".repeat(1000)),
        "reduce . as [$a,$b] (0; ".repeat(200),
        "é".repeat(100),
        "#".repeat(100),
        String::new(),
    ] {
        // An answer, whichever: not an overflow.
        let _ = run(&program, "null", "null");
    }
    assert!(run(&"1,".repeat(9000), "null", "null").contains("longer than"));
}

#[test]
fn digits_are_kept() {
    let event = r#"{"big":123456789012345678901234567890,"price":19.990,"tiny":1e-400}"#;
    assert_eq!(run("$event", "null", event), event);
    assert_eq!(
        run(". + $event", r#"{"a":0.10}"#, event),
        r#"{"a":0.10,"big":123456789012345678901234567890,"price":19.990,"tiny":1e-400}"#
    );
    assert_eq!(run("$event.big + 1", "null", event), "123456789012345678901234567891");
    assert_eq!(
        run("[$event.price == 19.99, $event.big == 123456789012345678901234567891]", "null", event),
        "[true,false]"
    );
    assert_eq!(
        run("[nan, infinite, -infinite, (nan < nan), 1e1000]", "null", "null"),
        "[null,1.7976931348623157e308,-1.7976931348623157e308,false,1e1000]"
    );
    assert_eq!(
        run("[0.1 + 0.2, 1e17 + 1, 3.0 + 0, 1e3 * 1, pow(2; 10), (2 | sqrt), (10 | log10), 1 / 3]", "null", "null"),
        "[0.30000000000000004,1e17,3,1000,1024,1.4142135623730951,1,0.3333333333333333]"
    );
}

#[test]
fn a_run_has_a_result_nothing_or_an_error() {
    assert_eq!(run("empty", "1", "2"), "nothing");
    assert_eq!(run("$event, error(1)", "1", "2"), "2");
    assert_eq!(run("error({a: 1})", "1", "2"), r#"error: {"a":1}"#);
    assert_eq!(run("null", "1", "2"), "null");
    assert_eq!(run("$record.offset", "1", "2"), "5");
    assert_eq!(run("\"x\" * 2000000", "1", "2"), "error: the state would be larger than 1048576 bytes");
}

/// `expected` is the code of the fault that ends `program`, and what goes into its words.
#[track_caller]
fn check_fault(program: &str, input: &str, expected: &str) {
    let input = Json::parse(input.as_bytes()).unwrap();
    let fault = Program::new(program).unwrap().run(Some(&input), &Json::Null, || Json::Null).unwrap_err();
    let facts: Vec<_> = fault.facts().into_iter().map(|(name, text)| format!(" {name}={text}")).collect();
    assert_eq!(format!("{}{}", fault.code(), facts.concat()), expected, "{program}");
}

#[test]
fn faults_name_the_values_that_they_met() {
    check_fault(".[]", "3", "not-iterable value=3 value-type=number");
    check_fault(". + \"x\"", "3", "not-calculable value=3 value-type=number other=\"x\" other-type=string verb=added");
    check_fault(". % 0", "3", "divided-by-zero value=3 other=0");
    check_fault("{(null): 1}", "3", "not-key value= value-type=null");
    check_fault(".a", "3", "no-member value=3 value-type=number other=\"a\" other-type=string");
    check_fault("(1 + 1) = 2", "3", "no-path value=2 value-type=number");
    check_fault("fromjson", r#""{""#, "not-json value=\"{\" value-type=string reason=end");
    check_fault("error", r#""no money""#, "raised text=no money");
    check_fault("error(null)", "3", "raised-nothing");
    check_fault("[.,.] | implode", "-1", "not-character value=-1 value-type=number");
    check_fault("try error(\"a\") catch error(. + \"b\")", "3", "raised text=ab");
    check_fault("def f: f; f", "3", "too-many-steps limit=500000");
    check_fault("\"x\" * 5000000", "3", "value-too-large limit=4194304");
    check_fault("\"x\" * 2000000", "3", "state-too-large limit=1048576");
}
