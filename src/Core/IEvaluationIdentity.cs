namespace GanPipeline;

/// <summary>
/// Marks a network's module that returns its input unchanged in evaluation mode, as dropout and noise layers do. An export leaves it out.
/// </summary>
public interface IEvaluationIdentity;
