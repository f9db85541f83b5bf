namespace GanPipeline;

/// <summary>
/// Marks a Sequential of the project with a <c>forward</c> of its own, whose result is that of its layers called in order, up to rounding.
/// An export then writes the layers.
/// </summary>
internal interface ICallsInOrder;
