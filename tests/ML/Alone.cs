namespace GanPipeline.ML.Tests;

/// <summary>Tests of what belongs to the whole process, such as its memory or current folder, run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
