using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace GanPipeline.Compat.Tests.ML;

public class CustomMappingTests
{
    private readonly MLContext context = new(seed: 1);

    public sealed class Source
    {
        public float[] Pixels { get; set; } = [];
    }

    public sealed class Target
    {
        [VectorType(2)]
        public float[] Extremes { get; set; } = new float[2];

        public string Told { get; set; } = "";
    }

    [CustomMappingFactoryAttribute("extremes")]
    public sealed class ExtremesFactory : CustomMappingFactory<Source, Target>
    {
        public override Action<Source, Target> GetMapping() => Extremes;
    }

    private static void Extremes(Source source, Target target)
    {
        target.Extremes[0] = source.Pixels.Min();
        target.Extremes[1] = source.Pixels.Max();
        target.Told = $"{source.Pixels.Length}";
    }

    [Fact]
    public void A_function_adds_its_columns()
    {
        var view = context.Data.LoadFromEnumerable(Digit.Some(3));
        var mapped = context.Transforms.CustomMapping<Source, Target>(Extremes, null).Fit(view).Transform(view);
        Assert.Equal<DataViewType>(new VectorDataViewType(NumberDataViewType.Single, 2), mapped.Schema["Extremes"].Type);
        Assert.Equal([[0, 0.25f], [-1, 1.25f], [-2, 2.25f]], mapped.GetColumn<float[]>("Extremes").ToList());
        Assert.Equal(["3", "3", "3"], mapped.GetColumn<string>("Told"));
    }

    [Fact]
    public void The_function_is_called_once_a_row_and_only_for_its_own_columns()
    {
        var calls = 0;
        var view = context.Data.LoadFromEnumerable(Digit.Some(3));
        var mapped = context.Transforms.CustomMapping<Source, Target>((source, target) =>
        {
            calls++;
            Extremes(source, target);
        }, null).Fit(view).Transform(view);
        Assert.Equal(3, mapped.GetColumn<string>("Name").Count());
        Assert.Equal(0, calls);
        Assert.Equal(3, context.Data.CreateEnumerable<Target>(mapped, false).Count());
        Assert.Equal(3, calls);
    }

    [Fact]
    public void A_mapping_is_saved_by_its_contract()
    {
        var view = context.Data.LoadFromEnumerable(Digit.Some(3));
        var model = context.Transforms.CustomMapping<Source, Target>(Extremes, "extremes").Fit(view);
        using var file = new MemoryStream();
        context.Model.Save(model, view.Schema, file);
        var other = new MLContext();
        other.ComponentCatalog.RegisterAssembly(typeof(ExtremesFactory).Assembly);
        var loaded = other.Model.Load(file, out _);
        Assert.Equal(model.Transform(view).GetColumn<float[]>("Extremes"), loaded.Transform(view).GetColumn<float[]>("Extremes"));
    }

    [Fact]
    public void A_mapping_without_a_contract_or_factory_is_told()
    {
        var view = context.Data.LoadFromEnumerable(Digit.Some(3));
        using var file = new MemoryStream();
        var nameless = context.Transforms.CustomMapping<Source, Target>(Extremes, null).Fit(view);
        Assert.Throws<InvalidOperationException>(() => context.Model.Save(nameless, view.Schema, file));
        file.SetLength(0);
        context.Model.Save(context.Transforms.CustomMapping<Source, Target>(Extremes, "nobody's").Fit(view), view.Schema, file);
        Assert.Contains("nobody's", Assert.ThrowsAny<Exception>(() => context.Model.Load(file, out _)).ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_columns_are_told_when_fitting()
    {
        var estimator = context.Transforms.CustomMapping<Source, Target>(Extremes, null);
        var wrong = context.Data.LoadFromEnumerable([new { Pixels = 1.0 }]);
        Assert.Contains("Pixels", Assert.ThrowsAny<Exception>(() => estimator.Fit(wrong)).Message, StringComparison.Ordinal);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Append(estimator).Fit(wrong));
        Assert.Contains("Schema mismatch for input column 'Pixels'", error.Message, StringComparison.Ordinal);
    }
}
