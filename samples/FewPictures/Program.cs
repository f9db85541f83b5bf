// How much do generated pictures help a classifier that has few real ones?
//
//   dotnet run --project samples/FewPictures -- MODELS DATA [PER-CLASS [CURVE.svg]]
//
// MODELS is the folder models of a conditional run; DATA is what it was trained on: MNIST's folder, or class folders in train and test.
// For 1, 3, 10, 50 and 500 real pictures a class, in five draws each, it trains the same classifier with and without PER-CLASS generated
// pictures (500) and says how many of 2,000 test pictures each recognises. CURVE.svg is a picture of that.

using GanPipeline.Data;
using GanPipeline.Inference;
using Microsoft.ML;
using Microsoft.ML.Data;

if (args.Length is < 2 or > 4)
{
    Console.Error.WriteLine("dotnet run --project samples/FewPictures -- MODELS DATA [PER-CLASS [CURVE.svg]]");
    return 2;
}
const int draws = 5, tested = 2000;
// Student's t of four degrees of freedom, for intervals of 95 %.
const double t = 2.776;
string generatorFile = Path.Combine(args[0], "generator.onnx"), featuresFile = Path.Combine(args[0], "features.onnx");
var perClass = args.Length > 2 ? int.Parse(args[2]) : 500;

using var train = Open("train");
using var test = Open("test");
var ml = new MLContext(seed: 1);
var rows = Enumerable.Range(0, train.Count).Where(i => train.Label(i) >= 0).ToLookup(train.Label);
var testRows = View(test, Draw(Enumerable.Range(0, test.Count), tested, seed: 1));

int[] counts = [1, 3, 10, 50, 500];
List<(double Mean, double Half)> without = [], with = [];
foreach (var count in counts)
{
    List<double> alone = [], helped = [];
    for (var draw = 1; draw <= draws; draw++)
    {
        var real = View(train, [.. rows.OrderBy(row => row.Key).SelectMany(row => Draw(row, count, draw))]);
        using var more = ml.Data.AppendGenerated(real, generatorFile, perClass, seed: 7);
        alone.Add(Accuracy(real));
        helped.Add(Accuracy(more));
    }
    without.Add(Estimate(alone));
    with.Add(Estimate(helped));
    Console.WriteLine($"{count} real a class: {Describe(without[^1])}; with {perClass} generated: {Describe(with[^1])}; " +
        $"difference {Describe(Estimate([.. helped.Zip(alone, (a, b) => a - b)]))}");
}
if (args.Length > 3)
    File.WriteAllText(args[3], Curve.Draw($"Right of {testRows.GetRowCount() ?? tested:N0} test pictures",
        ["real alone", $"with {perClass} generated"], counts, [[.. without], [.. with]]));
return 0;

IImageSource Open(string split)
{
    using var features = FeatureModel.Load(featuresFile);
    return DataSets.Open(new DataOptions
    {
        Kind = DataSets.Recognize(args[1]), Path = args[1], Split = split, Size = features.Height, Channels = features.Channels,
    });
}

// The classes are keys of the training pictures' names.
IDataView View(IImageSource source, int[] indices)
{
    var schema = SchemaDefinition.Create(typeof(Picture));
    schema[nameof(Picture.Image)].ColumnType =
        new VectorDataViewType(NumberDataViewType.Single, source.Shape.Channels, source.Shape.Height, source.Shape.Width);
    var pixels = new byte[source.Shape.Size];
    List<Picture> pictures = [];
    foreach (var i in indices)
        if (source.TryRead(i, pixels))
            pictures.Add(new() { Image = [.. pixels.Select(value => value / 127.5f - 1)], Label = source.Classes[source.Label(i)] });
    var keys = ml.Data.LoadFromEnumerable(train.Classes.Select(name => new Name { Label = name }));
    var view = ml.Data.LoadFromEnumerable(pictures, schema);
    return ml.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Fit(view).Transform(view);
}

double Accuracy(IDataView training)
{
    var pipeline = ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", featuresFile)
        .Append(ml.Transforms.NormalizeMeanVariance("Features"))
        .AppendCacheCheckpoint(ml)
        .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(l1Regularization: 0, l2Regularization: 1f));
    return ml.MulticlassClassification.Evaluate(pipeline.Fit(training).Transform(testRows)).MicroAccuracy;
}

static int[] Draw(IEnumerable<int> indices, int count, int seed)
{
    int[] shuffled = [.. indices];
    new Random(seed).Shuffle(shuffled);
    return shuffled[..Math.Min(count, shuffled.Length)];
}

// The mean of the draws, and half of its interval.
static (double Mean, double Half) Estimate(List<double> shares)
{
    var mean = shares.Average();
    var deviation = Math.Sqrt(shares.Sum(share => (share - mean) * (share - mean)) / (shares.Count - 1));
    return (mean, t * deviation / Math.Sqrt(shares.Count));
}

static string Describe((double Mean, double Half) share) => $"{100 * share.Mean:F2} % +- {100 * share.Half:F2}";

internal sealed class Picture
{
    public float[] Image { get; set; } = [];

    public string Label { get; set; } = "";
}

internal sealed class Name
{
    public string Label { get; set; } = "";
}
