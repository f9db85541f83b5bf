namespace GanPipeline.Inference;

/// <summary>What is wrong with a graph, before it is known which file it came from.</summary>
internal sealed class GraphProblemException(string message) : Exception(message);
