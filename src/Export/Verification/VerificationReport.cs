using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GanPipeline.Export;

/// <summary>How a model on ONNX Runtime compares with its network on Torch.</summary>
/// <param name="Model">The file; "" where it was not written.</param>
/// <param name="Seed">The seed of the random inputs.</param>
/// <param name="Tolerance">The relative tolerance (<see cref="VerificationOptions.Tolerance"/>).</param>
/// <param name="Checks">One for each output and set of inputs.</param>
/// <param name="FirstDifference">Where the model and the network agree no more, as far as it could be found.</param>
public sealed record VerificationReport(
    string Model, int Seed, double Tolerance, IReadOnlyList<VerificationCheck> Checks, DifferingNode? FirstDifference)
{
    private static readonly JsonSerializerOptions _json =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether all outputs agree.</summary>
    public bool Agrees => Checks.All(check => check.Problem is null);

    /// <summary>
    /// The largest absolute difference over all outputs and inputs. For byte outputs: how far beyond rounding a byte lies from the
    /// network's unrounded value.
    /// </summary>
    public double MaxAbsDifference => Checks.Max(check => check.MaxAbsDifference);

    /// <summary>The report as text, a line for each check.</summary>
    public override string ToString() => string.Join('\n', (string[])[Verdict, .. Checks.Select(check => "  " + check), .. First("  ")]);

    /// <summary>The report as JSON: model, agrees, seed, tolerance, maxAbsDifference, checks, firstDifference.</summary>
    public string ToJson() => new JsonObject
    {
        ["model"] = Model,
        ["agrees"] = Agrees,
        ["seed"] = Seed,
        ["tolerance"] = Tolerance,
        ["maxAbsDifference"] = Finite(MaxAbsDifference),
        ["checks"] = new JsonArray([.. Checks.Select(check => (JsonNode)new JsonObject
        {
            ["output"] = check.Output,
            ["inputs"] = check.Inputs,
            ["agrees"] = check.Problem is null,
            ["maxAbsDifference"] = Finite(check.MaxAbsDifference),
            ["isRounding"] = check.IsRounding,
            ["problem"] = check.Problem,
        })]),
        ["firstDifference"] = FirstDifference is not { } first ? null : new JsonObject
        {
            ["node"] = first.Node,
            ["opType"] = first.OpType,
            ["call"] = first.Call,
            ["module"] = first.Module,
            ["source"] = first.Source,
            ["problem"] = first.Problem,
        },
    }.ToJsonString(_json);

    /// <summary>The report as an HTML page that needs no other file.</summary>
    public string ToHtml() =>
        $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Verification of {{Html(Model)}}</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: .3rem .8rem; border-bottom: 1px solid #ddd; vertical-align: top; }
        .agrees { color: #17692d; } .differs { color: #a8201a; }
        </style>
        </head>
        <body>
        <h1>Verification</h1>
        <p class="{{(Agrees ? "agrees" : "differs")}}"><strong>{{Html(Verdict)}}</strong></p>
        {{string.Concat(First("").Select(line => $"<p>{Html(line)}</p>\n"))}}<table>
        <tr><th>Output</th><th>Inputs</th><th>Largest difference</th><th></th></tr>
        {{string.Concat(Checks.Select(Row))}}</table>
        <p>Random inputs by seed {{Seed}}; relative tolerance {{Number(Tolerance)}}.</p>
        </body>
        </html>

        """;

    private string Verdict => (Model.Length > 0 ? $"{Path.GetFileName(Model)}: " : "") + (Agrees
        ? $"ONNX Runtime and Torch agree within {Number(MaxAbsDifference)}."
        : "ONNX Runtime and Torch do not agree.");

    private static string Row(VerificationCheck check) =>
        $"<tr{(check.Problem is null ? "" : " class=\"differs\"")}><td>{Html(check.Output)}</td><td>{Html(check.Inputs)}</td><td>" +
        $"{Number(check.MaxAbsDifference)}</td><td>" +
        $"{Html(check.Problem ?? (check.IsRounding ? "amplified rounding" : "agrees"))}</td></tr>\n";

    private IEnumerable<string> First(string indent) =>
        FirstDifference is null ? [] : [$"{indent}They part at {FirstDifference}"];

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string Number(double value) => value.ToString("g2", CultureInfo.InvariantCulture);

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
