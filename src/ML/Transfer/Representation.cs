namespace GanPipeline.ML;

/// <summary>One way to describe the images: features of a network, or their pixels.</summary>
/// <param name="Name">Such as <c>features</c>, <c>pixels</c>, <c>untrained</c>.</param>
/// <param name="Train">Opens the table of the training images.</param>
/// <param name="Test">Opens the table of the test images.</param>
/// <remarks>Tables are opened when their turn comes and closed after it, so that one representation at a time takes memory.</remarks>
public sealed record Representation(string Name, Func<FeatureTable> Train, Func<FeatureTable> Test);
