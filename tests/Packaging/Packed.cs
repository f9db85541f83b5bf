namespace GanPipeline.Packaging.Tests;

/// <summary>The tests that look at the packages: all are packed once.</summary>
[CollectionDefinition(Name)]
public sealed class Packed : ICollectionFixture<PackedLibraries>
{
    public const string Name = "packed";
}
