namespace GanPipeline.Sampler.Tests;

/// <summary>Tests that share one publication, which takes a while.</summary>
[CollectionDefinition(Name)]
public sealed class Published : ICollectionFixture<PublishedSampler>
{
    public const string Name = "published";
}
