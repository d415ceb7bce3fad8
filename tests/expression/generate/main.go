// Makes table.jsonl: what the Go library that KEDA uses says of each expression. See ../README.md.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/expr-lang/expr"
)

// Row is one line of the table.
type Row struct {
	Expression string              `json:"expression"`
	Variables  map[string]*float64 `json:"variables"`      // null: nil
	Keda       bool                `json:"keda,omitempty"` // wrapped and tried as KEDA does
	Accepted   bool                `json:"accepted"`
	Fails      bool                `json:"fails,omitempty"` // accepted, but not with these values
	Value      any                 `json:"value,omitempty"`
	Error      string              `json:"error,omitempty"`
}

// wrap is castToFloatIfNecessary of KEDA v2.21 (apis/keda/v1alpha1/scaledobject_webhook.go).
func wrap(formula string) string {
	if strings.Contains(formula, "??") {
		if strings.HasPrefix(formula, "let _kedaCompositeResult = ") {
			return formula
		}
		return fmt.Sprintf("let _kedaCompositeResult = (%s); _kedaCompositeResult == nil ? nil : float(_kedaCompositeResult)", formula)
	}
	if strings.HasPrefix(formula, "float(") {
		return formula
	}
	return "float(" + formula + ")"
}

// encode says the type with the value; doubles as the shortest text that reads back.
func encode(v any) any {
	switch x := v.(type) {
	case nil:
		return map[string]any{"nil": true}
	case bool:
		return map[string]any{"bool": x}
	case int:
		return map[string]any{"int": strconv.Itoa(x)}
	case float64:
		return map[string]any{"float": strconv.FormatFloat(x, 'g', -1, 64)}
	case string:
		return map[string]any{"string": x}
	case []any:
		out := []any{}
		for _, e := range x {
			out = append(out, encode(e))
		}
		return map[string]any{"array": out}
	case []int:
		out := []any{}
		for _, e := range x {
			out = append(out, encode(e))
		}
		return map[string]any{"array": out}
	}
	return map[string]any{"other": fmt.Sprintf("%T", v)}
}

func firstLine(err error) string { return strings.SplitN(err.Error(), "\n", 2)[0] }

func evaluate(row *Row) {
	dummies := map[string]float64{}
	values := map[string]any{}
	for name, value := range row.Variables {
		dummies[name] = -1.0
		if value == nil {
			values[name] = nil
		} else {
			values[name] = *value
		}
	}
	text := row.Expression
	if row.Keda {
		text = wrap(text)
	}
	program, err := expr.Compile(text, expr.Env(dummies))
	if err == nil && row.Keda {
		_, err = expr.Run(program, dummies)
	}
	if err != nil {
		row.Error = firstLine(err)
		return
	}
	row.Accepted = true
	value, err := expr.Run(program, values)
	if err == nil && row.Keda && value != nil {
		if _, ok := value.(float64); !ok {
			err = fmt.Errorf("formula returned non-float result %T", value)
		}
	}
	if err != nil {
		row.Fails = true
		row.Error = firstLine(err)
		return
	}
	row.Value = encode(value)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// variables reads "a=1.5 b=nil".
func variables(text string) map[string]*float64 {
	out := map[string]*float64{}
	for _, pair := range strings.Fields(text) {
		name, value, _ := strings.Cut(pair, "=")
		if value == "nil" {
			out[name] = nil
			continue
		}
		x, err := strconv.ParseFloat(value, 64)
		check(err)
		out[name] = &x
	}
	return out
}

func main() {
	in, err := os.Open("../expressions.txt")
	check(err)
	out, err := os.Create("../table.jsonl")
	check(err)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	add := func(expression string, env map[string]*float64, keda bool) {
		row := Row{Expression: expression, Variables: env, Keda: keda}
		evaluate(&row)
		check(encoder.Encode(row))
	}
	env := map[string]*float64{}
	keda := false
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		line := lines.Text()
		switch {
		case line == "" || strings.HasPrefix(line, "// "):
		case strings.HasPrefix(line, "@variables"):
			env = variables(strings.TrimPrefix(line, "@variables"))
		case line == "@keda":
			keda = true
		case line == "@plain":
			keda = false
		default:
			add(line, env, keda)
		}
	}
	check(lines.Err())
	// Every pair of operators: how they bind.
	operators := []string{"+", "-", "*", "/", "%", "**", "==", "<", ">=", "&&", "or", "??", "in", ".."}
	for _, first := range operators {
		for _, second := range operators {
			add("7 "+first+" 3 "+second+" 2", map[string]*float64{}, false)
		}
	}
	check(out.Close())
}
