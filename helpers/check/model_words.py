"""What to say of a function that builds a Keras model, one sentence for each thing that may be wrong."""

NOTHING = (
    "found None: a `return` is missing, or the outcome of compile or summary is returned, which is None. Compile on a "
    "line of its own, then `return model`"
)
A_CLASS = "found a class or a function, not a model: call it, with its parentheses"
HISTORY = "found what fit returns: build and compile here, train elsewhere, and return the model itself"
SEVERAL = "found several things: return the model alone"
NUMBERS = "found numbers, weights or outputs of a model perhaps: return the model itself"
TENSOR = "found a tensor, a layer's output: keras.Model(inputs, outputs) makes a model of it"
CALLED = "hand over the function itself, check.build_model(build_model), without calling it"
A_LAYER = "found a single layer: keras.Sequential([...]) makes a model of layers"

ROWS = (
    "a Dense layer works along the last axis, so this one takes each row of 28 pixels for itself: the input has 784 "
    "numbers, keras.Input(shape=(784,))"
)
FLATTENS = (
    "the model flattens its images: here they are flat already, so 784 numbers are asked, keras.Input(shape=(784,))"
)

INPUT = "the model takes inputs of shape {}: 784 numbers an image are asked, keras.Input(shape=(784,))"
UNITS = "the last layer has a width of {}, and there are ten classes: Dense(10)"

NO_DENSE = "there is no Dense layer with weights in it: Dense(32) and Dense(10) are asked"
NO_HIDDEN = "the hidden layer is missing: 32 units between the 784 numbers and the ten classes"
HIDDEN_UNITS = "the hidden layer has a width of {}: 32 units are asked"
TOO_MANY = "more than one hidden layer: the 32 units are followed by the last layer, Dense(10)"
NO_BIAS = "a bias is missing: each unit has one, so leave use_bias=False away"
COUNT = "two Dense layers alone have 784·32 + 32 + 32·10 + 10 of them"
FROZEN = "a layer is frozen: leave trainable=False away, since all of them are to learn"
ALIKE = "all weights of a layer are one number, so its units stay alike: leave the initializer away, Keras draws them"
TRAINS_OTHERWISE = (
    "the model computes something else in training, with dropout or noise perhaps: two Dense layers alone are asked"
)
HIDDEN = {
    "linear": 'the hidden layer has no activation, and two linear layers are one: activation="relu"',
    "sigmoid": 'the hidden layer has a sigmoid: activation="relu"',
    "tanh": 'the hidden layer has a tanh: activation="relu"',
    "softmax": 'a softmax stands in the hidden layer: activation="relu" there',
}
OUTPUT = {
    "softmax twice": "a softmax goes over the softmax: the probabilities are squeezed together, and the loss cannot "
    "fall below 1.46. One is enough",
    "relu": "the last layer has a ReLU: scores may be negative. Take a softmax, or nothing and from_logits=True",
    "sigmoid": "a sigmoid for each class: the ten classes share one softmax, so that they sum to 1",
    "tanh": "the last layer has a tanh: take a softmax, or nothing and from_logits=True",
}
ODD = "the outputs are not those of Dense(32) with a ReLU and Dense(10): is there another activation, or another layer?"

NOT_COMPILED = "the model is not compiled: model.compile(optimizer=..., loss=...) comes before `return model`"
NO_LOSS = "compile has no loss: without one nothing can be trained"
ONE_HOT = "this loss wants one-hot labels, and the labels are integers: sparse_categorical_crossentropy"
SQUARED = "this is the squared error, and the labels are numbers of classes: sparse_categorical_crossentropy"
BINARY = "the binary cross-entropy is for yes or no: ten classes as integers take sparse_categorical_crossentropy"
LOGITS = (
    "the model gives logits, and the loss takes them for probabilities: from_logits=True, or a softmax as last layer"
)
PROBABILITIES = (
    "from_logits=True behind a softmax: Keras notices, warns and takes the logits, but nobody else does. Say what "
    "you mean and leave one of the two away"
)
SUMMED = "the loss is not averaged over the batch: leave reduction away, and it is the mean"
PENALTY = "a penalty on the weights is added to the loss: leave the regularizers away"
LOSS_WEIGHTS = 'the third argument of compile is loss_weights: write metrics=["accuracy"] with its name'
NOT_ENTROPY = "the loss is not the cross-entropy of integer labels: sparse_categorical_crossentropy"

RMSPROP = "the optimizer is RMSprop, which compile takes where none is named: Adam is asked"
OPTIMIZER = "the optimizer is {}: Adam is asked"
RATE = "the learning rate is {:.4g}: 0.001 is asked"
SET = "Adam comes with {}: leave all but the learning rate away"
SCHEDULE = "the learning rate follows a schedule: 0.001 throughout is asked"
