using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// Loads a model and applies it to pictures, whose values are a formula, so that a test knows them. Prints the trainers' packages that were
// loaded beside ML.NET, and a line for each picture: its predicted label and its scores.
var ml = new MLContext();
var model = ml.Model.Load(args[0], out _);
var pictures = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new Picture
{
    Image = [.. Enumerable.Range(0, 96).Select(k => (i * 31 + k * 7) % 17 / 8f - 1f)],
}));
var predictions = model.Transform(pictures);
string[] labels = predictions.Schema["PredictedLabel"].Type is BooleanDataViewType
    ? [.. predictions.GetColumn<bool>("PredictedLabel").Select(label => label.ToString())]
    : [.. predictions.GetColumn<uint>("PredictedLabel").Select(label => label.ToString(CultureInfo.InvariantCulture))];
float[][] scores = predictions.Schema["Score"].Type is VectorDataViewType
    ? [.. predictions.GetColumn<float[]>("Score")]
    : [.. predictions.GetColumn<float>("Score").Select(score => new[] { score })];
string[] trainers = ["Microsoft.ML.FastTree", "Microsoft.ML.LightGbm"];
var loaded = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name);
Console.WriteLine(string.Join(' ', trainers.Intersect(loaded)));
foreach (var (label, score) in labels.Zip(scores))
    Console.WriteLine(string.Join(' ', score.Select(value => value.ToString("R", CultureInfo.InvariantCulture)).Prepend(label)));
(model as IDisposable)?.Dispose();

internal sealed class Picture
{
    [VectorType(3, 4, 8)]
    public float[] Image { get; set; } = [];
}
