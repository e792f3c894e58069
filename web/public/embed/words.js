// What the frame page itself says; the figure's own words are in the module.
// @ts-check

/** @type {Record<'en' | 'fr', Record<string, string>>} */
const table = {
  en: {
    loading: 'Loading the figure …',
    leave: 'Leave the figure',
    no_wasm: 'This browser lacks WebAssembly SIMD, which the figures need. Any browser of 2023 or later has it.',
    no_webgl: 'This browser shows no WebGL 2, which the figures need. Turn on hardware acceleration, or try another browser.',
    no_network: 'The figure could not be loaded: the connection failed. Reload to try again.',
    no_module: 'The figure could not be loaded: the server has no module for it ({0}).',
    stopped: 'The figure stopped because of an error. Reload to start it again.',
    photo: 'The photograph could not be loaded: the connection failed.',
    data: 'The data could not be loaded: the connection failed. Reset the figure to try again.',
    file: 'This file could not be read.',
    not_a_picture: 'This file is not a picture that the browser can read.',
    too_large: 'This picture is too large for the memory that the figure may use.',
    camera_denied: 'The camera was not allowed. Allow it in the browser’s address bar, then try again.',
    camera_missing: 'No camera was found.',
    camera_busy: 'The camera could not be started: another program may be using it.',
    data_too_large: 'The data are too large for the memory that the figure may use.',
    copy_refused: 'The browser did not allow copying. The text is: {0}',
    unknown_message: 'This figure does not know the message “{0}”.'
  },
  fr: {
    loading: 'Chargement de la figure…',
    leave: 'Quitter la figure',
    no_wasm: 'Ce navigateur n’a pas WebAssembly SIMD, dont les figures ont besoin. Tout navigateur depuis 2023 l’a.',
    no_webgl: 'Ce navigateur n’affiche pas WebGL 2, dont les figures ont besoin. Activez l’accélération matérielle ou essayez un autre navigateur.',
    no_network: 'La figure n’a pas pu être chargée : la connexion a échoué. Rechargez la page pour réessayer.',
    no_module: 'La figure n’a pas pu être chargée : le serveur n’a pas son module ({0}).',
    stopped: 'La figure s’est arrêtée à cause d’une erreur. Rechargez la page pour la relancer.',
    photo: 'La photographie n’a pas pu être chargée : la connexion a échoué.',
    data: 'Les données n’ont pas pu être chargées : la connexion a échoué. Réinitialisez la figure pour réessayer.',
    file: 'Ce fichier n’a pas pu être lu.',
    not_a_picture: 'Ce fichier n’est pas une image que le navigateur sait lire.',
    too_large: 'Cette image est trop grande pour la mémoire dont la figure dispose.',
    camera_denied: 'La caméra n’a pas été autorisée. Autorisez-la dans la barre d’adresse du navigateur, puis réessayez.',
    camera_missing: 'Aucune caméra n’a été trouvée.',
    camera_busy: 'La caméra n’a pas pu démarrer : un autre programme l’utilise peut-être.',
    data_too_large: 'Les données sont trop grandes pour la mémoire dont la figure dispose.',
    copy_refused: 'Le navigateur n’a pas permis la copie. Le texte est : {0}',
    unknown_message: 'Cette figure ne connaît pas le message « {0} ».'
  }
};

/**
 * @param {string} language
 * @returns {(key: string, argument?: string) => string}
 */
export function words(language) {
  const own = table[language === 'fr' ? 'fr' : 'en'];
  return (key, argument = '') => own[key].replace('{0}', () => argument);
}
