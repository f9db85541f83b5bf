namespace Microsoft.ML.Calibrators;

/// <summary>Makes a probability of a score.</summary>
public interface ICalibrator
{
    float PredictProbability(float output);
}
