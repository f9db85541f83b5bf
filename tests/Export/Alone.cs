namespace GanPipeline.Export.Tests;

/// <summary>Tests that read what all threads share, as Torch's random state: no other test may draw from it meanwhile.</summary>
[TensorScope]
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
