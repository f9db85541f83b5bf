// Handwritten digits with sentences about them: MNIST as a folder of pictures with captions and attributes, as one's own pictures may be.
//
//   dotnet run --project samples/CaptionedDigits -- MNIST FOLDER
//
// MNIST is the folder of MNIST's files, FOLDER a new one for train and test, attributes.csv and captions.csv.

using GanPipeline.Data;

if (args.Length != 2)
{
    Console.Error.WriteLine("dotnet run --project samples/CaptionedDigits -- MNIST FOLDER");
    return 2;
}
var train = Open("train");
var test = Open("test");
// Thirds of the training pictures; those to test with are divided at the same values.
var measures = DigitMeasures.Of(train);
(double, double) thickness = Thirds(measures.Select(digit => digit.Thickness)), slant = Thirds(measures.Select(digit => digit.Slant));
using CaptionedDigits toTrain = new(train, measures, thickness, slant), toTest = new(test, DigitMeasures.Of(test), thickness, slant);
var written = PictureFolder.Write(args[1], [("train", toTrain), ("test", toTest)]);
Console.WriteLine($"{written} digits; thickness in pixels: thin below {thickness.Item1:F2}, thick from {thickness.Item2:F2}; " +
    $"slant: to the left below {slant.Item1:F2}, to the right from {slant.Item2:F2}");
return 0;

IImageSource Open(string split) => DataSets.Open(new DataOptions { Kind = "idx", Path = args[0], Split = split, Size = 32 });

static (double, double) Thirds(IEnumerable<double> values)
{
    double[] sorted = [.. values.Order()];
    return (sorted[sorted.Length / 3], sorted[2 * sorted.Length / 3]);
}
