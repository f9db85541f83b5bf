using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.ML;

namespace GanPipeline.Pipelines;

/// <summary>The transfer experiment's figures for summary.json, and what people read of them.</summary>
internal static class TransferFigures
{
    /// <summary>Enough to tell two classifiers of ten thousand images apart.</summary>
    private const int Digits = 6;

    public static JsonObject Of(TransferWork work, TransferResult result)
    {
        var options = work.Options;
        RepresentationResult[] all = [result.Features, .. result.Controls];
        JsonObject Each(Func<RepresentationResult, JsonNode?> value) => new(all.Select(r => KeyValuePair.Create(r.Name, value(r))));
        return new JsonObject
        {
            ["accuracy"] = Json.Figure(result.Features.Accuracy.Value, Digits),
            ["interval"] = Interval(result.Features.Accuracy.Interval),
            ["controls"] = new JsonObject(result.Controls.Select(c => KeyValuePair.Create(c.Name, (JsonNode?)new JsonObject
            {
                ["accuracy"] = Json.Figure(c.Accuracy.Value, Digits),
                ["difference"] = Json.Figure(c.Difference!.Value.Value, Digits),
                ["interval"] = Interval(c.Difference.Value.Interval),
                ["accuracyInterval"] = Interval(c.Accuracy.Interval),
            }))),
            ["labelsPerClass"] = options.LabelsPerClass == 0 ? null : options.LabelsPerClass,
            ["draws"] = result.Features.Draws.Count,
            ["trainer"] = OptionMember.KeyOf(options.Transfer.Trainer.ToString()),
            ["trainImages"] = options.LabelsPerClass == 0 ? work.Train.Count : options.LabelsPerClass * work.Train.Classes.Count,
            ["testImages"] = result.Features.Confusion.Sum(row => row.Sum()) / result.Features.Draws.Count,
            ["features"] = Each(r => r.Columns),
            ["accuracies"] = Each(r => new JsonArray([.. r.Draws.Select(d => Json.Figure(d.Accuracy, Digits))])),
            ["strengths"] = Each(r => new JsonArray([.. r.Draws.Select(d => Json.Figure(d.Strength))])),
            ["trials"] = Each(r => new JsonArray([.. r.Draws[0].Trials.Select(t => new JsonObject
            {
                ["strength"] = Json.Figure(t.Strength),
                ["accuracy"] = Json.Figure(t.Accuracy, Digits),
                ["logLoss"] = Json.Figure(t.LogLoss),
            })])),
            ["classes"] = Json.Array(work.Train.Classes),
            ["recall"] = new JsonArray([.. result.Features.Recall.Select(r => Json.Figure(r, Digits))]),
            ["confusion"] = new JsonArray([.. result.Features.Confusion.Select(row => new JsonArray([.. row.Select(c => (JsonNode)c)]))]),
        };
    }

    /// <summary>The result in one line: accuracy, and how far above each control.</summary>
    public static string Line(JsonObject f)
    {
        var controls = f["controls"]!.AsObject().Select(c =>
            $"{c.Key} {Percent(c.Value!["accuracy"])}, {Difference(c.Value["difference"]!, c.Value["interval"]!)}");
        return $"{Percent(f["accuracy"])} of the test images right {Range(f["interval"]!)}; {string.Join("; ", controls)}";
    }

    /// <summary>A share in percent, with the digits that ten thousand images give.</summary>
    public static string Percent(JsonNode? share) => share is null ? "?" : Number((double)share) + " %";

    /// <summary>"+1.2 (0.9 to 1.5)", in percent.</summary>
    public static string Difference(JsonNode difference, JsonNode interval) =>
        $"{((double)difference >= 0 ? "+" : "")}{Number((double)difference)} {Range(interval)}";

    public static string Range(JsonNode interval) => $"({Number((double)interval[0]!)} to {Number((double)interval[1]!)})";

    private static string Number(double share) => (share * 100).ToString("0.00", CultureInfo.InvariantCulture);

    private static JsonArray Interval(Interval interval) => [Json.Figure(interval.Low, Digits), Json.Figure(interval.High, Digits)];
}
